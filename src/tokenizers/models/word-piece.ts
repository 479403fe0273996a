/**
 * WordPiece: a word is cut from left to right, each time taking the longest entry of the vocabulary; entries inside a
 * word carry a prefix ("##"). A word that cannot be cut to its end, or is too long, becomes one unknown token.
 *
 * Reference: Rust `tokenizers`, models/wordpiece (Schuster & Nakajima 2012). Differs: the longest entry is
 * found by one walk along a trie instead of by trying all lengths, so a long word takes no quadratic time.
 */
import { SemspaceError, shown } from "../../errors.ts";
import { count, type Part, text } from "../tokenizer-json.ts";
import type { Pieces, TokenModel } from "./model.ts";
import { TokenTrie } from "./token-trie.ts";
import { readVocabulary, type Vocabulary } from "./vocabulary.ts";
import { WordCache } from "./word-cache.ts";

export class WordPiece implements TokenModel {
  readonly vocabulary: Vocabulary;
  readonly unknownId: number | undefined;
  /** Longest word that is cut, in code points. */
  readonly #maxLength: number;
  readonly #unknownToken: string;
  readonly #prefix: string;
  readonly #cache = new WordCache();
  /** Entries that start a word, and those that continue one, without their prefix; made when first needed. */
  #tries: { heads: TokenTrie; tails: TokenTrie } | undefined;

  /** Throws `invalid-file` when a field has the wrong form. */
  constructor(json: Part) {
    this.vocabulary = readVocabulary(json);
    this.#unknownToken = text(json, "unk_token", "[UNK]");
    this.#maxLength = count(json, "max_input_chars_per_word", { otherwise: 100 });
    this.#prefix = text(json, "continuing_subword_prefix", "##");
    this.unknownId = this.vocabulary.ids.get(this.#unknownToken);
  }

  tokenize(word: string, pieces: Pieces): void {
    if (this.#cache.replay(word, pieces)) return;
    const from = pieces.ids.length;
    const isTooLong = word.length > this.#maxLength && codePoints(word) > this.#maxLength;
    if (isTooLong || !this.#cut(word, pieces)) {
      pieces.ids.length = pieces.starts.length = pieces.ends.length = from;
      pieces.ids.push(this.#requireUnknown());
      pieces.starts.push(0);
      pieces.ends.push(word.length);
    }
    this.#cache.keep(word, pieces, from);
  }

  /** Appends the pieces; false, perhaps after some of them, when no entry fits. */
  #cut(word: string, pieces: Pieces): boolean {
    const { heads, tails } = (this.#tries ??= this.#makeTries());
    let trie = heads;
    for (let start = 0; start < word.length; trie = tails) {
      let end = start;
      let id = -1;
      for (let at = start, node = 0; at < word.length;) {
        node = trie.step(node, word.charCodeAt(at));
        if (node < 0) break;
        at += 1;
        const value = trie.value(node);
        if (value < 0) continue;
        id = value;
        end = at;
      }
      if (id < 0) return false;
      pieces.ids.push(id);
      pieces.starts.push(start);
      pieces.ends.push(end);
      start = end;
    }
    return true;
  }

  #makeTries(): { heads: TokenTrie; tails: TokenTrie } {
    const entries = [...this.vocabulary.ids];
    const prefix = this.#prefix;
    const heads = new TokenTrie(entries);
    if (prefix === "") return { heads, tails: heads };
    const tails = entries.filter(([token]) => token.startsWith(prefix));
    return { heads, tails: new TokenTrie(tails.map(([token, id]) => [token.slice(prefix.length), id] as const)) };
  }

  #requireUnknown(): number {
    if (this.unknownId !== undefined) return this.unknownId;
    throw new SemspaceError(
      "invalid-file",
      `The WordPiece vocabulary has no entry for its unknown token ${shown(this.#unknownToken)}, which this text needs. Fetch the tokenizer's files again.`,
    );
  }
}

function codePoints(word: string): number {
  let count = 0;
  for (let i = 0; i < word.length; i += 1) if ((word.charCodeAt(i) & 0xfc00) !== 0xdc00) count += 1;
  return count;
}
