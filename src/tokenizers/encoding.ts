/**
 * What a text became: one entry a token in each list. The pieces that truncation cut off are in `overflowing`; they are put
 * together when asked for, since a pair of long texts has many.
 */
import type { Tokenizer } from "./tokenizer.ts";

export interface EncodingFields {
  ids: number[];
  /** 0 for the first text and 1 for the second, or what the tokenizer's template says. */
  typeIds: number[];
  tokens: string[];
  /** Start of each token in its text, in UTF-16 units; 0 where a token comes from no text. */
  starts: number[];
  /** End of each token in its text. */
  ends: number[];
  /** Index of the word (pre-token) that a token belongs to, null for special tokens. */
  wordIds: (number | null)[];
  /** 1 for tokens that the tokenizer added. */
  specialTokensMask: number[];
  /** 0 for padding. */
  attentionMask: number[];
  /** 0 or 1: which of the two texts a token comes from, null for special tokens. */
  sequenceIds: (number | null)[];
}

/** Encodings that truncation cut off, made on first use. */
export type Overflow = () => Encoding[];

const none: Overflow = () => [];

export class Encoding implements EncodingFields {
  readonly ids: number[];
  readonly typeIds: number[];
  readonly tokens: string[];
  readonly starts: number[];
  readonly ends: number[];
  readonly wordIds: (number | null)[];
  readonly specialTokensMask: number[];
  readonly attentionMask: number[];
  readonly sequenceIds: (number | null)[];
  readonly #overflow: Overflow;
  #tokenizer: Tokenizer | undefined;
  #overflowing: Encoding[] | undefined;

  constructor(fields: EncodingFields, overflow: Overflow = none) {
    this.ids = fields.ids;
    this.typeIds = fields.typeIds;
    this.tokens = fields.tokens;
    this.starts = fields.starts;
    this.ends = fields.ends;
    this.wordIds = fields.wordIds;
    this.specialTokensMask = fields.specialTokensMask;
    this.attentionMask = fields.attentionMask;
    this.sequenceIds = fields.sequenceIds;
    this.#overflow = overflow;
  }

  /** The tokenizer that made it; undefined for one that was put together by hand. */
  get tokenizer(): Tokenizer | undefined {
    return this.#tokenizer;
  }

  /** Says which tokenizer made this encoding. */
  madeBy(tokenizer: Tokenizer | undefined): this {
    this.#tokenizer = tokenizer;
    return this;
  }

  /** How many tokens. */
  get length(): number {
    return this.ids.length;
  }

  /** [start, end) of each token in its text, in UTF-16 units: `text.slice(...encoding.offsets[i])`. */
  get offsets(): [number, number][] {
    return this.starts.map((start, i) => [start, this.ends[i]]);
  }

  /** What truncation cut off, in pieces of the same length that overlap by the stride; empty when nothing was cut. */
  get overflowing(): Encoding[] {
    this.#overflowing ??= this.#overflow();
    return this.#overflowing;
  }

  /** The same encoding with some lists exchanged; `overflow` maps what was cut off. */
  with(fields: Partial<EncodingFields>, overflow: (cut: Encoding) => Encoding = (cut) => cut): Encoding {
    const changed = new Encoding({ ...this.#fields(), ...fields }, () => this.overflowing.map(overflow));
    return changed.madeBy(this.#tokenizer);
  }

  /** Tokens `start` to `end`; `overflow` gives what else there is. */
  slice(start: number, end: number, overflow: Overflow = none): Encoding {
    const fields = this.#fields();
    const part = Object.fromEntries(
      Object.entries(fields).map(([name, list]) => [name, (list as unknown[]).slice(start, end)]),
    );
    return new Encoding(part as unknown as EncodingFields, overflow).madeBy(this.#tokenizer);
  }

  /** This encoding followed by another. Each cut-off piece of one is also joined with the other, and with each piece of the other. */
  concat(next: Encoding): Encoding {
    const [a, b] = [this.#fields(), next.#fields()];
    const joined: EncodingFields = {
      ids: [...a.ids, ...b.ids],
      typeIds: [...a.typeIds, ...b.typeIds],
      tokens: [...a.tokens, ...b.tokens],
      starts: [...a.starts, ...b.starts],
      ends: [...a.ends, ...b.ends],
      wordIds: [...a.wordIds, ...b.wordIds],
      specialTokensMask: [...a.specialTokensMask, ...b.specialTokensMask],
      attentionMask: [...a.attentionMask, ...b.attentionMask],
      sequenceIds: [...a.sequenceIds, ...b.sequenceIds],
    };
    const whole = new Encoding(joined, () => [
      ...this.overflowing.flatMap((cut) => [cut.concat(next), ...next.overflowing.map((other) => cut.concat(other))]),
      ...next.overflowing.map((other) => this.concat(other)),
    ]);
    return whole.madeBy(this.#tokenizer ?? next.tokenizer);
  }

  #fields(): EncodingFields {
    const { ids, typeIds, tokens, starts, ends, wordIds, specialTokensMask, attentionMask, sequenceIds } = this;
    return { ids, typeIds, tokens, starts, ends, wordIds, specialTokensMask, attentionMask, sequenceIds };
  }
}

/** An encoding of tokens that come from no text: special tokens or padding. */
export function fromTokens(
  ids: readonly number[],
  tokens: readonly string[],
  { typeId = 0, attention = 1 }: { typeId?: number; attention?: number } = {},
): Encoding {
  const fill = <Value>(value: Value): Value[] => ids.map(() => value);
  return new Encoding({
    ids: [...ids],
    typeIds: fill(typeId),
    tokens: [...tokens],
    starts: fill(0),
    ends: fill(0),
    wordIds: fill<number | null>(null),
    specialTokensMask: fill(1),
    attentionMask: fill(attention),
    sequenceIds: fill<number | null>(null),
  });
}
