/** WordLevel: a whole word is one entry of the vocabulary, or unknown. Reference: Rust `tokenizers`, models/wordlevel. */
import { SemspaceError, shown } from "../../errors.ts";
import { type Part, text } from "../tokenizer-json.ts";
import type { Pieces, TokenModel } from "./model.ts";
import { readVocabulary, type Vocabulary } from "./vocabulary.ts";

export class WordLevel implements TokenModel {
  readonly vocabulary: Vocabulary;
  readonly unknownId: number | undefined;
  readonly #unknownToken: string;

  /** Throws `invalid-file` when a field has the wrong form. */
  constructor(json: Part) {
    this.vocabulary = readVocabulary(json);
    this.#unknownToken = text(json, "unk_token", "<unk>");
    this.unknownId = this.vocabulary.ids.get(this.#unknownToken);
  }

  tokenize(word: string, pieces: Pieces): void {
    const id = this.vocabulary.ids.get(word) ?? this.unknownId;
    if (id === undefined) {
      throw new SemspaceError(
        "invalid-file",
        `The word ${shown(word)} is not in the vocabulary, nor is its unknown token ${shown(this.#unknownToken)}. Fetch the tokenizer's files again.`,
      );
    }
    pieces.ids.push(id);
    pieces.starts.push(0);
    pieces.ends.push(word.length);
  }
}
