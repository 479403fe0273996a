/**
 * Chunks for pipelines that keep whitespace as part of the word after it: byte-level BPE and SentencePiece. A chunk is whitespace
 * (if any) and what follows up to a cut; a table says between which classes of units there is one.
 */
import { hashFactor, type Scanner, type UnitClasses } from "./scanner.ts";

export const space = 0;
/** Other whitespace. */
export const blank = 1;
export const letter = 2;
export const digit = 3;
/** Neither letter, digit nor whitespace. */
export const mark = 4;
/** Whatever may join with its neighbours, or is half a character. */
export const sticky = 5;

/** Rules of a pair of classes; 0 is never a cut. */
export const isCut = 1;
/** A cut unless the unit after the second is sticky. */
export const cutUnlessSticky = 2;
/** A cut unless the run of marks began with an apostrophe, which may be a contraction's. */
export const cutUnlessApostrophe = 3;

const apostrophe = 0x27;

/** Cuts as [first class, second class, rule]; all others are no cuts. Before a class and inside whitespace nothing is cut. */
export function cutTable(rules: readonly (readonly [number, number, number])[]): Uint8Array {
  const table = new Uint8Array(64);
  for (const [before, after, rule] of rules) table[before * 8 + after] = rule;
  return table;
}

export class SpacedScanner implements Scanner {
  start = 0;
  end = 0;
  hash = 0;
  readonly #classes: UnitClasses;
  readonly #cuts: Uint8Array;

  constructor(classes: UnitClasses, cuts: Uint8Array) {
    this.#classes = classes;
    this.#cuts = cuts;
  }

  next(text: string, at: number): boolean {
    const { table } = this.#classes;
    const cuts = this.#cuts;
    const { length } = text;
    if (at >= length) return false;
    let unit = text.charCodeAt(at);
    let before = this.#classes.of(unit);
    let apostropheFirst = unit === apostrophe;
    let hash = Math.imul(unit, hashFactor);
    let i = at + 1;
    for (; i < length; i += 1) {
      unit = text.charCodeAt(i);
      let kind = table[unit];
      if (kind === 255) kind = this.#classes.of(unit);
      if (kind !== before) {
        const rule = cuts[before * 8 + kind];
        if (rule === isCut) break;
        if (rule === cutUnlessApostrophe && !apostropheFirst) break;
        if (rule === cutUnlessSticky && (i + 1 === length || this.#classes.of(text.charCodeAt(i + 1)) !== sticky))
          break;
        apostropheFirst = unit === apostrophe;
        before = kind;
      }
      hash = Math.imul(hash ^ unit, hashFactor);
    }
    this.start = at;
    this.end = i;
    this.hash = hash;
    return true;
  }
}
