/**
 * The character classes of the Rust tokenizers, by code point: its crates carry tables of different Unicode versions (9 to 16), so a
 * runtime's own \p{…} would differ from them and between runtimes. The tables are measured, see test/golden/tokenizer-unicode.py.
 */
import { packedRanges } from "./unicode-ranges.ts";

export type CharacterClass = keyof typeof packedRanges;

const classes = Object.keys(packedRanges) as CharacterClass[];
let flags: Uint16Array | undefined;

/** One bit a class for each code point; filled when first asked for. */
function table(): Uint16Array {
  if (flags) return flags;
  flags = new Uint16Array(0x110000);
  for (const [bit, name] of classes.entries()) {
    for (const [from, to] of rangesOf(name)) for (let point = from; point <= to; point += 1) flags[point] |= 1 << bit;
  }
  return flags;
}

/** The inclusive ranges of code points of a class. */
export function rangesOf(name: CharacterClass): [number, number][] {
  let end = 0;
  return packedRanges[name].split(" ").map((item) => {
    const [gap, length] = item.split("+");
    const from = end + parseInt(gap, 36);
    end = from + (length === undefined ? 0 : parseInt(length, 36));
    return [from, end];
  });
}

/** A test for membership in a class. */
export function characterTest(name: CharacterClass): (point: number) => boolean {
  const bit = 1 << classes.indexOf(name);
  const bits = table();
  return (point) => (bits[point] & bit) !== 0;
}

/** The class as the inside of a bracket of a regular expression (flag u or v). */
export function classSource(name: CharacterClass): string {
  const escape = (point: number) => `\\u{${point.toString(16)}}`;
  return rangesOf(name)
    .map(([from, to]) => (from === to ? escape(from) : `${escape(from)}-${escape(to)}`))
    .join("");
}

/** Calls `visit` for each code point with the index of its first unit and its width in UTF-16 units (1 or 2). */
export function forEachCharacter(text: string, visit: (point: number, at: number, width: number) => void): void {
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at)!;
    const width = point > 0xffff ? 2 : 1;
    visit(point, at, width);
    at += width;
  }
}
