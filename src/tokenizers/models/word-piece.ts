/**
 * WordPiece: a word is cut from left to right, each time taking the longest entry of the vocabulary; entries inside a
 * word carry a prefix ("##"). A word that cannot be cut to its end, or is too long, becomes one unknown token.
 *
 * Reference: Rust `tokenizers`, models/wordpiece (Schuster & Nakajima 2012). Differs: no longer piece than the longest
 * entry is tried, so a long word costs its length times that of the longest entry, not its length squared.
 */
import { SemspaceError } from "../../errors.ts";
import type { Pieces, TokenModel } from "./model.ts";
import {
  countField,
  type ModelJson,
  readVocabulary,
  textField,
  type Vocabulary,
} from "./model-json.ts";

export class WordPiece implements TokenModel {
  readonly size: number;
  readonly unknownId: number | undefined;
  /** Longest word that is cut, in code points. */
  readonly #maxLength: number;
  readonly #unknownToken: string;
  readonly #vocabulary: Vocabulary;
  readonly #heads: ReadonlyMap<string, number>;
  /** Entries that continue a word, without their prefix. */
  readonly #tails: ReadonlyMap<string, number>;
  readonly #longestHead: number;
  readonly #longestTail: number;

  /** Throws `invalid-file` when a field has the wrong form. */
  constructor(json: ModelJson) {
    this.#vocabulary = readVocabulary(json, "WordPiece");
    this.#unknownToken = textField(json, "unk_token") ?? "[UNK]";
    this.#maxLength = countField(json, "max_input_chars_per_word") ?? 100;
    const prefix = textField(json, "continuing_subword_prefix") ?? "##";
    this.#heads = this.#vocabulary.ids;
    this.#tails = prefix === "" ? this.#heads : withoutPrefix(this.#heads, prefix);
    this.#longestHead = longestKey(this.#heads);
    this.#longestTail = longestKey(this.#tails);
    this.size = this.#heads.size;
    this.unknownId = this.#heads.get(this.#unknownToken);
  }

  tokenize(word: string, pieces: Pieces): void {
    const { ids, starts, ends } = pieces;
    const { length } = word;
    const before = ids.length;
    let start = 0;
    if (length > this.#maxLength && codePoints(word) > this.#maxLength) start = -1;
    while (start >= 0 && start < length) {
      const entries = start === 0 ? this.#heads : this.#tails;
      let end = Math.min(length, start + (start === 0 ? this.#longestHead : this.#longestTail));
      let id: number | undefined;
      while (end > start && (id = entries.get(word.slice(start, end))) === undefined) end -= 1;
      if (id === undefined) {
        start = -1;
      } else {
        ids.push(id);
        starts.push(start);
        ends.push(end);
        start = end;
      }
    }
    if (start >= 0) return;
    ids.length = starts.length = ends.length = before;
    ids.push(this.#requireUnknown());
    starts.push(0);
    ends.push(length);
  }

  tokenToId(token: string): number | undefined {
    return this.#heads.get(token);
  }

  idToToken(id: number): string | undefined {
    return this.#vocabulary.token(id);
  }

  entries(): Iterable<[string, number]> {
    return this.#heads.entries();
  }

  #requireUnknown(): number {
    if (this.unknownId !== undefined) return this.unknownId;
    throw new SemspaceError(
      "invalid-file",
      `The WordPiece vocabulary has no entry for its unknown token ${JSON.stringify(this.#unknownToken)}, which this text needs. Fetch the tokenizer's files again.`,
    );
  }
}

function withoutPrefix(entries: ReadonlyMap<string, number>, prefix: string): Map<string, number> {
  const tails = new Map<string, number>();
  for (const [token, id] of entries)
    if (token.startsWith(prefix)) tails.set(token.slice(prefix.length), id);
  return tails;
}

function longestKey(entries: ReadonlyMap<string, number>): number {
  let longest = 0;
  for (const token of entries.keys()) if (token.length > longest) longest = token.length;
  return longest;
}

function codePoints(word: string): number {
  let count = 0;
  for (let i = 0; i < word.length; i += 1) if ((word.charCodeAt(i) & 0xfc00) !== 0xdc00) count += 1;
  return count;
}
