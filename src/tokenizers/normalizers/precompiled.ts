/**
 * Precompiled: SentencePiece's character map, with alignment. Reference: Rust `tokenizers`, normalizers/precompiled: a grapheme cluster
 * of fewer than 6 bytes is looked up whole, else, or when it has no entry, character by character.
 */
import { graphemes } from "../graphemes.ts";
import { CharsMap } from "../precompiled.ts";
import type { Part } from "../tokenizer-json.ts";
import type { Normalizer } from "./normalizer.ts";

const shortCluster = 6;
/** Characters and clusters whose entry is remembered. */
const mostRemembered = 20_000;

export function precompiled(json: Part): Normalizer {
  const map = new CharsMap(json["precompiled_charsmap"]);
  const known = new Map<string, string | undefined>();
  const lookUp = (part: string): string | undefined => {
    if (!known.has(part)) {
      if (known.size >= mostRemembered) known.clear();
      known.set(part, map.transform(part));
    }
    return known.get(part);
  };
  return (text) => {
    // ASCII has entries for control characters and spaces only, and those are tested here, too: each is a grapheme but for "\r\n".
    if (/^[ -~]*$/.test(text.text) && !changesAscii(lookUp, text.text)) return text;
    const characters: string[] = [];
    const changes: number[] = [];
    let modified = false;
    const replace = (old: string, now: string) => {
      modified = true;
      pushReplacement({ characters, changes }, Array.from(old).length, Array.from(now));
    };
    for (const cluster of graphemes(text.text)) {
      const whole = utf8Length(cluster) < shortCluster ? lookUp(cluster) : undefined;
      if (whole !== undefined) {
        replace(cluster, whole);
        continue;
      }
      for (const character of cluster) {
        const now = lookUp(character);
        if (now !== undefined) replace(character, now);
        else {
          characters.push(character);
          changes.push(0);
        }
      }
    }
    return modified ? text.transform(characters, changes) : text;
  };
}

function changesAscii(lookUp: (part: string) => string | undefined, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (lookUp(text[i]) !== undefined) return true;
  return false;
}

/** As the reference counts: the last characters that are more than before are new; those that are fewer go with the one before. */
function pushReplacement(
  to: { characters: string[]; changes: number[] },
  oldCount: number,
  now: readonly string[],
): void {
  for (const character of now) {
    to.characters.push(character);
    to.changes.push(0);
  }
  const more = now.length - oldCount;
  const last = to.changes.length - 1;
  if (more > 0) to.changes.fill(1, to.changes.length - more);
  else if (more < 0 && last >= 0) to.changes[last] += more;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800 || (unit & 0xf800) === 0xd800) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}
