/**
 * Lowercase, character by character as Rust's `char::to_lowercase`: unlike JavaScript's `toLowerCase` on a whole text, a capital
 * sigma at the end of a word becomes σ, not ς.
 */
import type { AlignedText } from "../aligned-text.ts";

export function lowercase(text: AlignedText): AlignedText {
  const lower = text.text.toLowerCase();
  if (lower.length === text.text.length && !text.text.includes("Σ")) return text.withText(lower);
  return text.mapCharacters((_, character) => character.toLowerCase());
}
