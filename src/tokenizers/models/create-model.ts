/** From the `model` part of a tokenizer.json to the model that cuts words. */
import { makePart, type ModelJson } from "../tokenizer-json.ts";
import { Bpe } from "./bpe.ts";
import type { TokenModel } from "./model.ts";
import { Unigram } from "./unigram.ts";
import { WordLevel } from "./word-level.ts";
import { WordPiece } from "./word-piece.ts";

/**
 * Makes the model that `json.type` names; a file of before that field existed is recognised by its fields.
 * Throws `unsupported` for an unknown type, `invalid-file` for a malformed model.
 */
export function createModel(json: ModelJson): TokenModel {
  return makePart<TokenModel>({ ...json, type: json.type ?? guessType(json) }, "tokenizer model", {
    BPE: (part) => new Bpe(part),
    Unigram: (part) => new Unigram(part),
    WordLevel: (part) => new WordLevel(part),
    WordPiece: (part) => new WordPiece(part),
  });
}

function guessType(json: ModelJson): string {
  if (Array.isArray(json["merges"])) return "BPE";
  if (Array.isArray(json["vocab"])) return "Unigram";
  if ("max_input_chars_per_word" in json || "continuing_subword_prefix" in json) return "WordPiece";
  return "unk_token" in json ? "WordLevel" : "";
}
