/**
 * TemplateProcessing: the texts A and B and special tokens in the order of a template, one for single texts and one for pairs, each
 * piece with its type id. Reference: Rust `tokenizers`, processors/template. As there, cut-off pieces keep the type ids that they had.
 */
import { shown } from "../../errors.ts";
import { type Encoding, fromTokens } from "../encoding.ts";
import { invalid, isId, isObject, isWhole, type Part } from "../tokenizer-json.ts";
import { inSequence } from "./byte-level.ts";
import type { PostProcessor } from "./post-processor.ts";

type Piece = { sequence: 0 | 1; typeId: number } | { special: Encoding };

export function templateProcessing(json: Part): PostProcessor {
  const single = readTemplate(json, "single");
  const pair = readTemplate(json, "pair");
  const texts = single.filter((piece) => "sequence" in piece);
  if (texts.length !== 1 || texts[0].sequence !== 0) {
    throw invalid(`${json.type}.single`, "must use sequence A once and not B", json["single"]);
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
  if (!isWhole(typeId)) throw invalid(where, "must give each piece a type_id", piece);
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
  if (!isList(ids, isId) || !isList(tokens, isText) || ids.length !== tokens.length) {
    throw invalid(`${json.type}.special_tokens`, `must give ids and tokens of ${shown(id)}`, found);
  }
  return fromTokens(ids, tokens, { typeId });
}

function isList<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is Item[] {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
