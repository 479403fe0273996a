/**
 * Byte pair encoding (Sennrich et al. 2016): a word starts as single characters, and the neighbouring pair with the
 * lowest rank, leftmost first, is merged until no pair is in the table.
 *
 * Reference: Rust `tokenizers`, models/bpe, with byte_fallback, ignore_merges, fuse_unk, prefix and suffix. Differs: merging is
 * a scan for the best pair in a short word, a heap in a long one (the order is the same); dropout is refused, since
 * it would make a text's ids random. Offsets are kept as Rust keeps them, in bytes, and turned into UTF-16 at the end:
 * a byte token covers its whole character.
 */
import { SemspaceError, shown } from "../../errors.ts";
import { mergeAll, Symbols } from "./bpe-merge.ts";
import { type MergeTable, readMerges } from "./merge-table.ts";
import { flag, optionalText, type Part, text } from "../tokenizer-json.ts";
import type { Pieces, TokenModel } from "./model.ts";
import { readVocabulary, type Vocabulary } from "./vocabulary.ts";
import { WordCache } from "./word-cache.ts";

export class Bpe implements TokenModel {
  readonly vocabulary: Vocabulary;
  readonly unknownId: number | undefined;
  /** Whether a word that is an entry itself is taken whole, without merging. */
  readonly ignoreMerges: boolean;
  readonly #merges: MergeTable;
  readonly #unknownToken: string | undefined;
  readonly #prefix: string;
  readonly #suffix: string;
  readonly #fuseUnknown: boolean;
  /** Ids of "<0x00>" … "<0xFF>", -1 where absent; undefined when the model has no byte fallback. */
  readonly #byteIds: Int32Array | undefined;
  readonly #symbols = new Symbols();
  readonly #cache = new WordCache();

  /** Throws `invalid-file` when a field has the wrong form, `unsupported` for dropout. */
  constructor(json: Part) {
    const dropout = json["dropout"] ?? 0;
    if (dropout !== 0) {
      throw new SemspaceError(
        "unsupported",
        `BPE dropout ${shown(dropout)} would make ids random. Set "dropout" to null in tokenizer.json.`,
      );
    }
    this.vocabulary = readVocabulary(json);
    const { ids } = this.vocabulary;
    this.#prefix = text(json, "continuing_subword_prefix", "");
    this.#suffix = text(json, "end_of_word_suffix", "");
    this.#merges = readMerges(json["merges"], ids, this.#prefix);
    this.#unknownToken = optionalText(json, "unk_token");
    this.#fuseUnknown = flag(json, "fuse_unk", false);
    this.ignoreMerges = flag(json, "ignore_merges", false);
    this.#byteIds = flag(json, "byte_fallback", false) ? byteIds(ids) : undefined;
    this.unknownId = this.#unknownToken === undefined ? undefined : ids.get(this.#unknownToken);
  }

  tokenize(word: string, pieces: Pieces): void {
    if (word === "") return;
    if (this.ignoreMerges) {
      const whole = this.vocabulary.ids.get(word);
      if (whole !== undefined) {
        pieces.ids.push(whole);
        pieces.starts.push(0);
        pieces.ends.push(word.length);
        return;
      }
    }
    if (this.#cache.replay(word, pieces)) return;
    const from = pieces.ids.length;
    this.#splitIntoSymbols(word);
    mergeAll(this.#symbols, this.#merges);
    this.#emit(word, pieces);
    this.#cache.keep(word, pieces, from);
  }

  /** Fills the symbols with the word's characters: an entry, else its bytes, else (fused) unknown, else nothing. */
  #splitIntoSymbols(word: string): void {
    const symbols = this.#symbols;
    const { ids } = this.vocabulary;
    symbols.clear(word.length * 3 + this.#suffix.length * 3);
    let unknownLength = 0;
    const flushUnknown = () => {
      if (unknownLength > 0) symbols.add(this.#requireUnknown(), unknownLength);
      unknownLength = 0;
    };
    for (let at = 0, next = 0; at < word.length; at = next) {
      next = at + characterLength(word, at);
      const bytes = utf8Length(word, at);
      let token = word.slice(at, next);
      if (at > 0) token = this.#prefix + token;
      if (next === word.length) token += this.#suffix;
      const id = ids.get(token);
      if (id !== undefined) {
        flushUnknown();
        symbols.add(id, bytes);
      } else if (!(this.#byteIds && addBytes(token, this.#byteIds, symbols)) && this.#unknownToken !== undefined) {
        if (!this.#fuseUnknown) flushUnknown();
        unknownLength += bytes;
      }
    }
    flushUnknown();
  }

  /** Appends the symbols that are left; their byte lengths are walked along the word to find UTF-16 offsets. */
  #emit(word: string, pieces: Pieces): void {
    const { ids, lengths, count } = this.#symbols;
    let unit = 0;
    /** Bytes before `unit`, which is the character that the next symbol starts in. */
    let bytes = 0;
    let start = 0;
    for (let i = 0; i < count; i += 1) {
      if (lengths[i] === 0) continue;
      const end = start + lengths[i];
      const from = unit;
      let to = unit;
      let bytesTo = bytes;
      while (bytesTo < end && to < word.length) {
        unit = to;
        bytes = bytesTo;
        bytesTo += utf8Length(word, to);
        to += characterLength(word, to);
      }
      if (bytesTo <= end) {
        unit = to;
        bytes = bytesTo;
      }
      pieces.ids.push(ids[i]);
      pieces.starts.push(from);
      pieces.ends.push(to);
      start = end;
    }
  }

  #requireUnknown(): number {
    if (this.unknownId !== undefined) return this.unknownId;
    throw new SemspaceError(
      "invalid-file",
      `The BPE vocabulary has no entry for its unknown token ${shown(this.#unknownToken)}, which this text needs. Fetch the tokenizer's files again.`,
    );
  }
}

function byteIds(ids: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => ids.get(byteToken(byte)) ?? -1);
}

/** The entry that stands for a byte: "<0x0A>". */
export function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

/** Adds one symbol of length 1 for each UTF-8 byte; adds nothing and gives false when a byte has no entry. */
function addBytes(token: string, byteIds: Int32Array, symbols: Symbols): boolean {
  const bytes = new TextEncoder().encode(token);
  if (bytes.some((byte) => byteIds[byte] < 0)) return false;
  for (const byte of bytes) symbols.add(byteIds[byte], 1);
  return true;
}

/** UTF-16 units of the character at `at`. */
function characterLength(word: string, at: number): 1 | 2 {
  return word.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** UTF-8 bytes of the character at `at`. */
function utf8Length(word: string, at: number): number {
  const code = word.codePointAt(at)!;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
