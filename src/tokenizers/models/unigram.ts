/**
 * Unigram (Kudo 2018): of all ways to cut a word into entries, the one whose scores (log probabilities) have the largest sum,
 * found by Viterbi over the word from left to right. A character that is no entry costs the lowest score minus 10.
 *
 * Reference: Rust `tokenizers`, models/unigram, `encode_optimized`: scores in float64 added in the same order, a tie keeps the
 * cut that was found first, neighbouring unknown characters are one token. Differs: the trie runs over UTF-16 units instead of
 * bytes, which finds the same entries.
 */
import { SemspaceError } from "../../errors.ts";
import { byteToken } from "./bpe.ts";
import { count, flag, invalid, type Part } from "../tokenizer-json.ts";
import type { Pieces, TokenModel } from "./model.ts";
import { TokenTrie } from "./token-trie.ts";
import { Vocabulary } from "./vocabulary.ts";
import { WordCache } from "./word-cache.ts";

const unknownPenalty = 10;

export class Unigram implements TokenModel {
  readonly vocabulary: Vocabulary;
  readonly unknownId: number | undefined;
  readonly #scores: Float64Array;
  readonly #unknownScore: number;
  readonly #byteFallback: boolean;
  readonly #cache = new WordCache();
  /** Made when first needed: it takes a while for 250,000 entries. */
  #trie: TokenTrie | undefined;
  // Best way to each position: its score, where its last piece starts (-1: not reached), that piece's id.
  #scoreAt = new Float64Array(256);
  #startAt = new Int32Array(256);
  #idAt = new Int32Array(256);

  /** Throws `invalid-file` when a field has the wrong form or `unk_id` lies outside the vocabulary. */
  constructor(json: Part) {
    const vocab: unknown = json["vocab"];
    if (!Array.isArray(vocab)) throw invalid("Unigram.vocab", "must be a list", vocab);
    const tokens: string[] = [];
    const ids = new Map<string, number>();
    this.#scores = new Float64Array(vocab.length);
    let lowest = Infinity;
    (vocab as unknown[]).forEach((entry, id) => {
      const [token, score] = Array.isArray(entry) ? (entry as unknown[]) : [];
      if (typeof token !== "string" || !Number.isFinite(score)) {
        throw invalid(`Unigram.vocab[${id}]`, "must be a token and its score, a finite number", entry);
      }
      tokens.push(token);
      this.#scores[id] = score as number;
      ids.set(token, id);
      lowest = Math.min(lowest, this.#scores[id]);
    });
    this.vocabulary = new Vocabulary(ids, tokens);
    this.#unknownScore = lowest - unknownPenalty;
    this.unknownId = (json["unk_id"] ?? undefined) === undefined ? undefined : count(json, "unk_id");
    if (this.unknownId !== undefined && this.unknownId >= tokens.length) {
      throw invalid("Unigram.unk_id", `must be below ${tokens.length}, the entries of vocab`, this.unknownId);
    }
    this.#byteFallback = flag(json, "byte_fallback", false);
  }

  tokenize(word: string, pieces: Pieces): void {
    if (word === "" || this.#cache.replay(word, pieces)) return;
    const from = pieces.ids.length;
    this.#findBestCut(word);
    // From the end backwards: starts of pieces, with runs of unknown characters fused.
    const starts: number[] = [];
    for (let end = word.length; end > 0;) {
      let start = this.#startAt[end];
      if (this.#idAt[end] === this.unknownId)
        while (start > 0 && this.#idAt[start] === this.unknownId) start = this.#startAt[start];
      starts.push(start);
      end = start;
    }
    for (let i = starts.length - 1; i >= 0; i -= 1) {
      const start = starts[i];
      const end = i > 0 ? starts[i - 1] : word.length;
      const id =
        this.#startAt[end] === start && this.#idAt[end] !== this.unknownId
          ? this.#idAt[end]
          : this.vocabulary.ids.get(word.slice(start, end));
      if (id === undefined) this.#addUnknown(word, start, end, pieces);
      else add(pieces, id, start, end);
    }
    this.#cache.keep(word, pieces, from);
  }

  #findBestCut(word: string): void {
    const { length } = word;
    if (length >= this.#scoreAt.length) {
      this.#scoreAt = new Float64Array(length * 2);
      this.#startAt = new Int32Array(length * 2);
      this.#idAt = new Int32Array(length * 2);
    }
    const trie = (this.#trie ??= new TokenTrie(this.vocabulary.ids));
    const scoreAt = this.#scoreAt;
    const startAt = this.#startAt;
    const idAt = this.#idAt;
    const scores = this.#scores;
    startAt.fill(-1, 0, length + 1);
    scoreAt[0] = 0;
    for (let start = 0, next = 0; start < length; start = next) {
      next = start + (word.codePointAt(start)! > 0xffff ? 2 : 1);
      const before = scoreAt[start];
      let single = false;
      for (let end = start, node = 0; end < length;) {
        node = trie.step(node, word.charCodeAt(end));
        if (node < 0) break;
        end += 1;
        const id = trie.value(node);
        if (id < 0) continue;
        const score = scores[id] + before;
        if (startAt[end] < 0 || score > scoreAt[end]) {
          scoreAt[end] = score;
          startAt[end] = start;
          idAt[end] = id;
        }
        if (end === next) single = true;
      }
      if (single) continue;
      const score = this.#unknownScore + before;
      if (startAt[next] < 0 || score > scoreAt[next]) {
        scoreAt[next] = score;
        startAt[next] = start;
        idAt[next] = this.#requireUnknown();
      }
    }
  }

  /** An unknown stretch: its UTF-8 bytes as entries, all over the whole stretch, when each has one; else the unknown token. */
  #addUnknown(word: string, start: number, end: number, pieces: Pieces): void {
    const bytes = this.#byteFallback ? new TextEncoder().encode(word.slice(start, end)) : [];
    const ids = Array.from(bytes, (byte) => this.vocabulary.ids.get(byteToken(byte)));
    if (ids.length === 0 || ids.includes(undefined)) add(pieces, this.#requireUnknown(), start, end);
    else for (const id of ids) add(pieces, id!, start, end);
  }

  #requireUnknown(): number {
    if (this.unknownId !== undefined) return this.unknownId;
    throw new SemspaceError(
      "invalid-file",
      `The text has a character that the Unigram vocabulary lacks, and the model has no unk_id. Fetch the tokenizer's files again.`,
    );
  }
}

function add(pieces: Pieces, id: number, start: number, end: number): void {
  pieces.ids.push(id);
  pieces.starts.push(start);
  pieces.ends.push(end);
}
