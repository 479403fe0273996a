/** Offsets of the Python fixtures are in code points; ours are UTF-16 indices. */

/** The UTF-16 index of each code point of a text, and of its end. */
export function unitsOfPoints(text: string): number[] {
  const units = [0];
  for (const character of text) units.push(units.at(-1)! + character.length);
  return units;
}

/** Flat offsets in code points of `text` as flat UTF-16 indices. */
export function toUnits(text: string, offsets: readonly number[]): number[] {
  const units = unitsOfPoints(text);
  return offsets.map((offset) => units[offset]);
}
