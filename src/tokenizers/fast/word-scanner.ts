/**
 * Chunks for pipelines that drop whitespace: separators vanish, a unit of its own (punctuation, a Chinese character) is a chunk, and
 * what lies between is one.
 */
import { hashFactor, type Scanner, type UnitClasses } from "./scanner.ts";

/** Part of a word. */
export const inWord = 0;
/** Dropped; ends a word. */
export const separator = 1;
/** A chunk of its own. */
export const alone = 2;
/** Part of a word, and no separator beside it ends the word: it might join with its neighbours. */
export const sticky = 3;
/** Part of a word, but not the way it stands in the text: the normalizer changes it. */
export const changed = 4;

export class WordScanner implements Scanner {
  start = 0;
  end = 0;
  hash = 0;
  readonly #classes: UnitClasses;
  readonly #mayStick: boolean;

  /** `mayStick` tells whether `classes` has sticky units at all. */
  constructor(classes: UnitClasses, mayStick: boolean) {
    this.#classes = classes;
    this.#mayStick = mayStick;
  }

  next(text: string, at: number): boolean {
    const { table } = this.#classes;
    const { length } = text;
    let i = at;
    let unit = 0;
    let kind = separator;
    for (; i < length; i += 1) {
      unit = text.charCodeAt(i);
      kind = table[unit];
      if (kind === 255) kind = this.#classes.of(unit);
      if (kind !== separator || this.#isSticky(text, i + 1)) break;
    }
    this.start = i;
    if (i === length) return false;
    let hash = Math.imul(unit, hashFactor);
    i += 1;
    if (kind !== alone) {
      let before = kind;
      for (; i < length; i += 1) {
        unit = text.charCodeAt(i);
        kind = table[unit];
        if (kind === 255) kind = this.#classes.of(unit);
        if (
          kind === alone ||
          (kind === separator && (before === inWord || before === changed) && !this.#isSticky(text, i + 1))
        )
          break;
        before = kind;
        hash = Math.imul(hash ^ unit, hashFactor);
      }
    }
    this.end = i;
    this.hash = hash;
    return true;
  }

  #isSticky(text: string, at: number): boolean {
    return this.#mayStick && at < text.length && this.#classes.of(text.charCodeAt(at)) === sticky;
  }
}
