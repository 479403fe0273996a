/**
 * A text that is being normalised and cut, and for each of its UTF-16 units the range of the user's string that it came from.
 * What `NormalizedString` is in the Rust tokenizers, with UTF-16 indices instead of bytes. Values are immutable: each change gives
 * a new one, and a slice shares the arrays of the text it was cut from. A text that was never changed in length keeps no arrays.
 */
import { forEachCharacter } from "./unicode.ts";

/** A stretch of a text, and whether the pattern matched there; a list of them covers the text from start to end. */
export interface Stretch {
  start: number;
  end: number;
  matched: boolean;
}

export class AlignedText {
  readonly text: string;
  /** Where in the user's string this text begins. */
  readonly origin: number;
  readonly #starts: Int32Array | undefined;
  readonly #ends: Int32Array | undefined;
  /** Index in the arrays of the text's first unit. */
  readonly #at: number;

  constructor(text: string, origin = 0, alignment?: { starts: Int32Array; ends: Int32Array; at: number }) {
    this.text = text;
    this.origin = origin;
    this.#starts = alignment?.starts;
    this.#ends = alignment?.ends;
    this.#at = alignment?.at ?? 0;
  }

  /** Start in the user's string of the character that the unit at `index` belongs to. */
  startOf(index: number): number {
    if (this.#starts) return this.#starts[this.#at + index];
    const isLow = index > 0 && (this.text.charCodeAt(index) & 0xfc00) === 0xdc00;
    return this.origin + (isLow ? index - 1 : index);
  }

  /** End in the user's string of the character that the unit at `index` belongs to. */
  endOf(index: number): number {
    if (this.#ends) return this.#ends[this.#at + index];
    const isHigh = (this.text.charCodeAt(index) & 0xfc00) === 0xd800;
    return this.origin + (isHigh ? index + 2 : index + 1);
  }

  /** The part from unit `start` to unit `end`. Its origin is where its first character came from. */
  slice(start: number, end: number): AlignedText {
    const origin = this.#starts && start < end ? this.startOf(start) : this.origin + start;
    if (start === 0 && end === this.text.length && origin === this.origin) return this;
    const text = this.text.slice(start, end);
    if (!this.#starts) return new AlignedText(text, origin);
    return new AlignedText(text, origin, { starts: this.#starts, ends: this.#ends!, at: this.#at + start });
  }

  /** The same alignment under another text of the same length. */
  withText(text: string): AlignedText {
    if (!this.#starts) return new AlignedText(text, this.origin);
    return new AlignedText(text, this.origin, { starts: this.#starts, ends: this.#ends!, at: this.#at });
  }

  /** Each character becomes the text that `change` gives for it (none, one or many), aligned to that character. */
  mapCharacters(change: (point: number, character: string) => string): AlignedText {
    const out = new AlignmentWriter();
    let sameWidths = true;
    forEachCharacter(this.text, (point, at, width) => {
      const character = width === 1 ? this.text[at] : this.text.slice(at, at + 2);
      const now = change(point, character);
      if (now.length !== width) sameWidths = false;
      out.write(now, this.startOf(at), this.endOf(at));
    });
    return sameWidths ? this.withText(out.text) : out.finish(this.origin);
  }

  /**
   * Rewrites the text as a list of characters with, for each, its change: 0 replaces the next old character, 1 is new (aligned to the
   * old character before), -n replaces one and drops the n that follow. The i-th 0 belongs to the i-th old character, whatever it is.
   */
  transform(characters: readonly string[], changes: readonly number[]): AlignedText {
    const out = new AlignmentWriter();
    const { text } = this;
    let at = 0;
    const step = () => (at < text.length ? (text.codePointAt(at)! > 0xffff ? 2 : 1) : 0);
    for (let i = 0; i < characters.length; i += 1) {
      const change = changes[i];
      const from = change > 0 ? at - 1 : Math.min(at, text.length - 1);
      if (from < 0) out.write(characters[i], this.origin, this.origin);
      else out.write(characters[i], this.startOf(from), this.endOf(from));
      if (change <= 0) for (let skip = change; skip <= 0; skip += 1) at += step();
    }
    return out.finish(this.origin);
  }

  /** Every stretch that matched becomes `content`, aligned to the last character that it replaces. */
  replace(stretches: readonly Stretch[], content: string): AlignedText {
    if (!stretches.some((stretch) => stretch.matched)) return this;
    const out = new AlignmentWriter();
    for (const { start, end, matched } of stretches) {
      if (!matched) for (let at = start; at < end; at += 1) out.write(this.text[at], this.startOf(at), this.endOf(at));
      else if (end === 0) out.write(content, this.origin, this.origin);
      else out.write(content, this.startOf(end - 1), this.endOf(end - 1));
    }
    return out.finish(this.origin);
  }

  /** Puts `prefix` before the text, aligned to the first character; an empty text stays empty. */
  prepend(prefix: string): AlignedText {
    if (this.text === "" || prefix === "") return this;
    const out = new AlignmentWriter();
    out.write(prefix, this.startOf(0), this.endOf(0));
    for (let at = 0; at < this.text.length; at += 1) out.write(this.text[at], this.startOf(at), this.endOf(at));
    return out.finish(this.origin);
  }
}

/** Collects a new text and its alignment. */
class AlignmentWriter {
  /** What was written so far. */
  text = "";
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  write(text: string, start: number, end: number): void {
    this.text += text;
    for (let i = 0; i < text.length; i += 1) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  finish(origin: number): AlignedText {
    return new AlignedText(this.text, origin, {
      starts: Int32Array.from(this.#starts),
      ends: Int32Array.from(this.#ends),
      at: 0,
    });
  }
}
