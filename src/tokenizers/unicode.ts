/**
 * The character classes of the Rust tokenizers, by code point: its crates carry tables of different Unicode versions (9 to 16), so a
 * runtime's own \p{…} would differ from them and between runtimes. The tables are measured, see test/golden/tokenizer-unicode.py.
 */
import { packedRanges } from "./unicode-ranges.ts";

export type CharacterClass = keyof typeof packedRanges;

const basicPlane = 0x10000;
const tests = new Map<CharacterClass, (point: number) => boolean>();

/** The inclusive ranges of code points of a class, in order. */
export function rangesOf(name: CharacterClass): [number, number][] {
  let end = 0;
  return packedRanges[name].split(" ").map((item) => {
    const [gap, length] = item.split("+");
    const from = end + parseInt(gap, 36);
    end = from + (length === undefined ? 0 : parseInt(length, 36));
    return [from, end];
  });
}

/** A test for membership in a class: a table for the Basic Multilingual Plane, a search for what is above. */
export function characterTest(name: CharacterClass): (point: number) => boolean {
  const known = tests.get(name);
  if (known) return known;
  const ranges = rangesOf(name);
  const table = new Uint8Array(basicPlane);
  for (const [from, to] of ranges) if (from < basicPlane) table.fill(1, from, to + 1);
  const above = ranges.filter(([, to]) => to >= basicPlane);
  const made = (point: number): boolean => (point < basicPlane ? table[point] === 1 : isInRanges(above, point));
  tests.set(name, made);
  return made;
}

function isInRanges(ranges: readonly [number, number][], point: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle][1] < point) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && ranges[low][0] <= point;
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
