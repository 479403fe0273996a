/** WordLevel: a whole word is one entry of the vocabulary, or unknown. Reference: Rust `tokenizers`, models/wordlevel. */
import { SemspaceError } from "../../errors.ts";
import type { Pieces, TokenModel } from "./model.ts";
import { type ModelJson, readVocabulary, textField, type Vocabulary } from "./model-json.ts";

export class WordLevel implements TokenModel {
  readonly size: number;
  readonly unknownId: number | undefined;
  readonly #unknownToken: string;
  readonly #vocabulary: Vocabulary;

  /** Throws `invalid-file` when a field has the wrong form. */
  constructor(json: ModelJson) {
    this.#vocabulary = readVocabulary(json, "WordLevel");
    this.#unknownToken = textField(json, "unk_token") ?? "<unk>";
    this.size = this.#vocabulary.ids.size;
    this.unknownId = this.#vocabulary.ids.get(this.#unknownToken);
  }

  tokenize(word: string, pieces: Pieces): void {
    const id = this.#vocabulary.ids.get(word) ?? this.unknownId;
    if (id === undefined) {
      throw new SemspaceError(
        "invalid-file",
        `The word ${JSON.stringify(word.slice(0, 40))} is not in the vocabulary, nor is its unknown token ${JSON.stringify(this.#unknownToken)}. Fetch the tokenizer's files again.`,
      );
    }
    pieces.ids.push(id);
    pieces.starts.push(0);
    pieces.ends.push(word.length);
  }

  tokenToId(token: string): number | undefined {
    return this.#vocabulary.ids.get(token);
  }

  idToToken(id: number): string | undefined {
    return this.#vocabulary.token(id);
  }

  entries(): Iterable<[string, number]> {
    return this.#vocabulary.ids.entries();
  }
}
