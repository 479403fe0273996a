/**
 * ByteLevel: takes the spaces at the ends of byte-level tokens out of their offsets; adds no tokens.
 * Reference: Rust `tokenizers`, pre_tokenizers/byte_level.
 */
import type { Encoding } from "../encoding.ts";
import { flag, type Part } from "../tokenizer-json.ts";
import { characterTest } from "../unicode.ts";
import type { PostProcessor } from "./post-processor.ts";

export function byteLevelProcessing(json: Part): PostProcessor {
  const trim = flag(json, "trim_offsets", true) ? offsetTrimmer(flag(json, "add_prefix_space", true)) : undefined;
  return {
    added: () => 0,
    process: (encodings) => encodings.map((encoding, i) => inSequence(trim ? trim(encoding) : encoding, i)),
  };
}

/** Counts all tokens to one of the two texts; what was cut off is left as it is, as in the reference. */
export function inSequence(encoding: Encoding, sequence: number): Encoding {
  return encoding.with({ sequenceIds: encoding.ids.map(() => sequence) });
}

/** Moves starts and ends inwards past spaces; the space that `addPrefixSpace` put before the first word is not in the text, so it stays. */
export function offsetTrimmer(addPrefixSpace: boolean): (encoding: Encoding) => Encoding {
  const isSpace = characterTest("space");
  const isBlank = (character: string) => character === "Ġ" || isSpace(character.codePointAt(0)!);
  const trim = (encoding: Encoding): Encoding => {
    const starts = [...encoding.starts];
    const ends = [...encoding.ends];
    for (const [i, token] of encoding.tokens.entries()) {
      const characters = Array.from(token);
      const found = characters.findIndex((character) => !isBlank(character));
      let leading = found === -1 ? characters.length : found;
      const trailing = characters.length - 1 - characters.findLastIndex((character) => !isBlank(character));
      if ((i === 0 || starts[i] === 0) && addPrefixSpace && leading === 1) leading = 0;
      starts[i] = Math.min(starts[i] + leading, ends[i]);
      if (trailing > 0 && ends[i] >= trailing) ends[i] = Math.max(ends[i] - trailing, starts[i]);
    }
    return encoding.with({ starts, ends }, trim);
  };
  return trim;
}
