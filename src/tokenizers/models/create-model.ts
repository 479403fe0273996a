/** From the `model` part of a tokenizer.json to the model that cuts words. */
import { SemspaceError } from "../../errors.ts";
import { Bpe } from "./bpe.ts";
import type { TokenModel } from "./model.ts";
import { describe, type ModelJson } from "./model-json.ts";
import { Unigram } from "./unigram.ts";
import { WordLevel } from "./word-level.ts";
import { WordPiece } from "./word-piece.ts";

const models: Readonly<Record<string, new (json: ModelJson) => TokenModel>> = {
  BPE: Bpe,
  Unigram,
  WordLevel,
  WordPiece,
};

/**
 * Makes the model that `json.type` names; a file of before that field existed is recognised by its fields.
 * Throws `unsupported` for an unknown type, `invalid-file` for a malformed model.
 */
export function createModel(json: ModelJson): TokenModel {
  if (typeof json !== "object" || json === null) {
    throw new SemspaceError(
      "invalid-file",
      `A tokenizer's model must be an object, got ${describe(json)}. Fetch tokenizer.json again.`,
    );
  }
  const type = json.type ?? guessType(json);
  const Model = typeof type === "string" && Object.hasOwn(models, type) ? models[type] : undefined;
  if (!Model) {
    throw new SemspaceError(
      "unsupported",
      `Unknown tokenizer model ${describe(type)}. Use one of: ${Object.keys(models).join(", ")}.`,
    );
  }
  return new Model(json);
}

function guessType(json: ModelJson): string | undefined {
  if (Array.isArray(json["merges"])) return "BPE";
  if (Array.isArray(json["vocab"])) return "Unigram";
  if ("max_input_chars_per_word" in json || "continuing_subword_prefix" in json) return "WordPiece";
  return "unk_token" in json ? "WordLevel" : undefined;
}
