/**
 * TemplateProcessing: the texts A and B and special tokens in the order of a template, one for single texts and one for pairs, each
 * piece with its type id. Reference: Rust `tokenizers`, processors/template. As there, cut-off pieces keep the type ids that they had.
 */
import { type Encoding, fromTokens } from "../encoding.ts";
import { invalid, isObject, type Part } from "../tokenizer-json.ts";
import { inSequence } from "./byte-level.ts";
import type { PostProcessor } from "./post-processor.ts";

type Piece = { sequence: 0 | 1; typeId: number } | { special: Encoding };

export function templateProcessing(json: Part): PostProcessor {
  const single = readTemplate(json, "single");
  const pair = readTemplate(json, "pair");
  if (single.some((piece) => "sequence" in piece && piece.sequence === 1)) {
    throw invalid(`${json.type}.single`, "must not use sequence B", "B");
  }
  const template = (isPair: boolean) => (isPair ? pair : single);
  return {
    added: (isPair) =>
      template(isPair).reduce((sum, piece) => sum + ("special" in piece ? piece.special.length : 0), 0),
    process: (encodings, addSpecialTokens) =>
      template(encodings.length === 2).flatMap((piece) => {
        if ("special" in piece) return addSpecialTokens ? [piece.special] : [];
        const encoding = encodings[piece.sequence];
        return [inSequence(encoding.with({ typeIds: encoding.ids.map(() => piece.typeId) }), piece.sequence)];
      }),
  };
}

function readTemplate(json: Part, field: string): Piece[] {
  const pieces = json[field];
  if (!Array.isArray(pieces)) throw invalid(`${json.type}.${field}`, "must be a list of pieces", pieces);
  return pieces.map((piece) => readPiece(json, field, piece));
}

function readPiece(json: Part, field: string, piece: unknown): Piece {
  const where = `${json.type}.${field}`;
  const { Sequence: sequence, SpecialToken: special } = isObject(piece) ? piece : {};
  const inner = isObject(sequence) ? sequence : special;
  if (!isObject(inner)) throw invalid(where, "must hold Sequence and SpecialToken pieces", piece);
  const { id, type_id: typeId } = inner;
  if (typeof typeId !== "number") throw invalid(where, "must give each piece a type_id", piece);
  if (inner === sequence) {
    if (id !== "A" && id !== "B") throw invalid(where, "must name sequence A or B", id);
    return { sequence: id === "A" ? 0 : 1, typeId };
  }
  return { special: readSpecial(json, id, typeId) };
}

function readSpecial(json: Part, id: unknown, typeId: number): Encoding {
  const all = json["special_tokens"];
  const found = isObject(all) && typeof id === "string" && Object.hasOwn(all, id) ? all[id] : undefined;
  const { ids, tokens } = isObject(found) ? found : {};
  if (!isList(ids, "number") || !isList(tokens, "string") || ids.length !== tokens.length) {
    throw invalid(`${json.type}.special_tokens`, `must give ids and tokens of ${JSON.stringify(id)}`, found);
  }
  return fromTokens(ids, tokens, { typeId });
}

function isList(value: unknown, type: "number"): value is number[];
function isList(value: unknown, type: "string"): value is string[];
function isList(value: unknown, type: string): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === type);
}
