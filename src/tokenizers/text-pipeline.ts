/** One text through the pipeline: added tokens cut out, the rest normalised, cut into words, and the words into tokens. */
import { AddedTokens, type Segment } from "./added-tokens.ts";
import { AlignedText } from "./aligned-text.ts";
import { Encoding, type EncodingFields } from "./encoding.ts";
import { createModel } from "./models/create-model.ts";
import type { Pieces, TokenModel } from "./models/model.ts";
import { createNormalizer } from "./normalizers/create-normalizer.ts";
import type { Normalizer } from "./normalizers/normalizer.ts";
import { createPreTokenizer } from "./pre-tokenizers/create-pre-tokenizer.ts";
import type { PreTokenizer } from "./pre-tokenizers/pre-tokenizer.ts";
import type { TokenizerJson } from "./tokenizer-json.ts";

export class TextPipeline {
  readonly json: TokenizerJson;
  readonly model: TokenModel;
  readonly added: AddedTokens;
  readonly #normalize: Normalizer;
  readonly #preTokenize: PreTokenizer;
  /** Unigram keeps the text of an unknown piece as its token; other models name the unknown token. */
  readonly #keepsUnknownText: boolean;

  /** Throws `unsupported` for an unknown part, `invalid-file` for a malformed one. A `model` stands in for the file's own. */
  constructor(json: TokenizerJson, model: TokenModel = createModel(json.model)) {
    this.json = json;
    this.model = model;
    this.#normalize = json.normalizer ? createNormalizer(json.normalizer) : (text) => text;
    this.#preTokenize = json.pre_tokenizer ? createPreTokenizer(json.pre_tokenizer) : (text) => [text];
    this.added = new AddedTokens(json.added_tokens ?? [], this.model.vocabulary, this.#normalize);
    this.#keepsUnknownText = json.model.type === "Unigram" || Array.isArray(json.model["vocab"]);
  }

  /** The normalised text, when no added token is in it. */
  normalize(text: string): string {
    return this.#normalize(new AlignedText(wellFormed(text))).text;
  }

  /** Ids of a text, added tokens found, without special tokens. */
  ids(text: string): number[] {
    const pieces: Pieces = { ids: [], starts: [], ends: [] };
    for (const { text: word, id } of this.#words(text)) {
      if (id === undefined) this.model.tokenize(word.text, pieces);
      else pushWhole(pieces, id, word.text.length);
    }
    return pieces.ids;
  }

  /** Tokens of a text with their offsets; `sequence` is 0 for the first text of a pair, 1 for the second. */
  encode(text: string, sequence: number): Encoding {
    const tokens: string[] = [];
    const wordIds: number[] = [];
    const pieces: Pieces = { ids: [], starts: [], ends: [] };
    for (const [index, { text: word, id }] of this.#words(text).entries()) {
      const from = pieces.ids.length;
      if (id === undefined) this.model.tokenize(word.text, pieces);
      else pushWhole(pieces, id, word.text.length);
      for (let i = from; i < pieces.ids.length; i += 1) {
        const start = pieces.starts[i];
        const end = pieces.ends[i];
        tokens.push(id === undefined ? this.#token(pieces.ids[i], word.text, start, end) : word.text);
        wordIds.push(index);
        pieces.starts[i] = start < end ? word.startOf(start) : word.origin + start;
        pieces.ends[i] = start < end ? word.endOf(end - 1) : word.origin + end;
      }
    }
    const fill = (value: number): number[] => pieces.ids.map(() => value);
    const fields: EncodingFields = {
      ...pieces,
      tokens,
      wordIds,
      typeIds: fill(sequence),
      sequenceIds: fill(sequence),
      specialTokensMask: fill(0),
      attentionMask: fill(1),
    };
    return new Encoding(fields);
  }

  #words(text: string): Segment[] {
    const words: Segment[] = [];
    for (const segment of this.added.extract(wellFormed(text))) {
      if (segment.id !== undefined) words.push(segment);
      else
        for (const word of this.#preTokenize(segment.text))
          if (word.text !== "") words.push({ text: word, id: undefined });
    }
    return words;
  }

  #token(id: number, word: string, start: number, end: number): string {
    if (this.#keepsUnknownText && id === this.model.unknownId) return word.slice(start, end);
    return this.model.vocabulary.token(id) ?? "";
  }
}

function pushWhole(pieces: Pieces, id: number, length: number): void {
  pieces.ids.push(id);
  pieces.starts.push(0);
  pieces.ends.push(length);
}

/** A half of a surrogate pair that stands alone is no character; it becomes U+FFFD, which is as long. */
function wellFormed(text: string): string {
  return /[\ud800-\udfff]/.test(text) ? text.replace(/\p{Cs}/gu, "\ufffd") : text;
}
