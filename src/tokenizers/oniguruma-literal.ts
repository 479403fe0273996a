/** Single characters of Oniguruma patterns: escapes, and how they are written in a JavaScript pattern (flag v). */
import { SemspaceError } from "../errors.ts";

/** The character that an escape stands for; `at` is the index after the backslash. */
export function readEscapedCharacter(pattern: string, at: number): { text: string; next: number } {
  const hex = /^(?:x\{([0-9a-fA-F]{1,8})\}|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4}))/.exec(pattern.slice(at));
  if (hex) {
    const point = parseInt(hex[1] ?? hex[2] ?? hex[3], 16);
    if (point > 0x10ffff)
      throw new SemspaceError("invalid-file", `The pattern's \\${hex[0]} is beyond Unicode's characters.`);
    return { text: String.fromCodePoint(point), next: at + hex[0].length };
  }
  const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0x5c);
  const controls: Readonly<Record<string, string>> = {
    n: "\n",
    r: "\r",
    t: "\t",
    f: "\f",
    v: "\v",
    a: "\x07",
    e: "\x1b",
    "0": "\0",
  };
  return { text: controls[character] ?? character, next: at + character.length };
}

/** A character that stands for itself, inside or outside a bracket (flag v). */
export function escapeLiteral(character: string): string {
  if (/^[\p{L}\p{N}_ ]$/v.test(character)) return character;
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** The inside of a bracket: the characters that case folding makes equal (as the flags i and u do, so "s" and "ſ", "k" and the Kelvin sign). */
export function caseFold(character: string): string {
  const variants = new Set([character, character.toLowerCase(), character.toUpperCase()]);
  for (const other of ["\u017f", "\u212a", "\u2126", "\u00b5", "\u03c2", "\u1e9e"]) {
    if (new RegExp(`^${escapeLiteral(character)}$`, "iu").test(other)) variants.add(other);
  }
  return [...variants]
    .filter((variant) => Array.from(variant).length === 1)
    .map(escapeLiteral)
    .join("");
}
