/**
 * SentencePiece's .model file: a protocol buffer (sentencepiece_model.proto, ModelProto) with the pieces and their scores, how they
 * were trained, and the normalizer's character map. Fields that no tokenizer needs are skipped. Every length is checked before use.
 */
import { SemspaceError } from "../errors.ts";

export type PieceType = "normal" | "unknown" | "control" | "user-defined" | "unused" | "byte";
export type SentencePieceAlgorithm = "unigram" | "bpe" | "word" | "char";

export interface Piece {
  text: string;
  /** A log probability (unigram), or minus the rank of the merge (bpe). */
  score: number;
  type: PieceType;
}

export interface SentencePieceModel {
  /** The index of a piece is its id. */
  pieces: Piece[];
  algorithm: SentencePieceAlgorithm;
  byteFallback: boolean;
  unknownId: number;
  unknownPiece: string;
  beginPiece: string;
  endPiece: string;
  /** The precompiled_charsmap; empty where texts are not normalised. */
  charsMap: Uint8Array;
  /** Whether a space is put before each text. */
  addDummyPrefix: boolean;
}

const pieceTypes: readonly PieceType[] = ["normal", "unknown", "control", "user-defined", "unused", "byte"];
const algorithms: readonly SentencePieceAlgorithm[] = ["unigram", "bpe", "word", "char"];

/** Reads a .model file. Throws `invalid-file` for bytes that are no such file, are cut off or contradict themselves. */
export function readSentencePiece(bytes: Uint8Array, name = "The SentencePiece model"): SentencePieceModel {
  const model: SentencePieceModel = {
    pieces: [],
    algorithm: "unigram",
    byteFallback: false,
    unknownId: 0,
    unknownPiece: "<unk>",
    beginPiece: "<s>",
    endPiece: "</s>",
    charsMap: new Uint8Array(0),
    addDummyPrefix: true,
  };
  for (const field of fields(bytes, name)) {
    if (field.number === 1)
      model.pieces.push(readPiece(asBytes(field, name), `${name}, piece ${model.pieces.length},`));
    else if (field.number === 2) readTrainer(asBytes(field, name), model, `${name}, trainer_spec,`);
    else if (field.number === 3) readNormalizer(asBytes(field, name), model, `${name}, normalizer_spec,`);
  }
  if (model.pieces.length === 0) throw invalid(name, "has no pieces");
  if (model.unknownId < 0 || model.unknownId >= model.pieces.length) {
    throw invalid(
      name,
      `says that its unknown piece is number ${model.unknownId}, but has ${model.pieces.length} pieces`,
    );
  }
  return model;
}

function readPiece(bytes: Uint8Array, name: string): Piece {
  const piece: Piece = { text: "", score: 0, type: "normal" };
  for (const field of fields(bytes, name)) {
    if (field.number === 1) piece.text = asText(field, name);
    else if (field.number === 2) piece.score = asFloat(field, name);
    else if (field.number === 3) piece.type = oneOfNumbers(asInteger(field, name), pieceTypes, `${name} type`);
  }
  return piece;
}

function readTrainer(bytes: Uint8Array, model: SentencePieceModel, name: string): void {
  for (const field of fields(bytes, name)) {
    if (field.number === 3) model.algorithm = oneOfNumbers(asInteger(field, name), algorithms, `${name} model_type`);
    else if (field.number === 35) model.byteFallback = asInteger(field, name) !== 0;
    else if (field.number === 40) model.unknownId = asInteger(field, name);
    else if (field.number === 45) model.unknownPiece = asText(field, name);
    else if (field.number === 46) model.beginPiece = asText(field, name);
    else if (field.number === 47) model.endPiece = asText(field, name);
  }
}

function readNormalizer(bytes: Uint8Array, model: SentencePieceModel, name: string): void {
  for (const field of fields(bytes, name)) {
    if (field.number === 2) model.charsMap = asBytes(field, name);
    else if (field.number === 3) model.addDummyPrefix = asInteger(field, name) !== 0;
  }
}

/** A field as it lies in the buffer: a number (wire type 0) or bytes (types 1, 2 and 5). */
interface Field {
  number: number;
  value: number | Uint8Array;
}

function* fields(bytes: Uint8Array, name: string): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let low = 0;
    for (let i = 0; i < 10; i += 1) {
      if (at >= bytes.length) throw invalid(name, "ends within a number");
      const byte = bytes[at];
      at += 1;
      if (i < 5) low |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return low;
    }
    throw invalid(name, `has a number of more than 10 bytes before byte ${at}`);
  };
  while (at < bytes.length) {
    const key = varint() >>> 0;
    const wire = key & 7;
    const number = key >>> 3;
    if (number === 0) throw invalid(name, `has a field number 0 before byte ${at}`);
    if (wire === 0) {
      yield { number, value: varint() };
      continue;
    }
    if (wire !== 1 && wire !== 2 && wire !== 5)
      throw invalid(name, `has a field of the unknown kind ${wire} before byte ${at}`);
    const length = wire === 2 ? varint() >>> 0 : wire === 1 ? 8 : 4;
    if (length > bytes.length - at)
      throw invalid(name, `promises ${length} bytes at byte ${at}, but only ${bytes.length - at} are left`);
    yield { number, value: bytes.subarray(at, at + length) };
    at += length;
  }
}

function asBytes({ number, value }: Field, name: string): Uint8Array {
  if (typeof value !== "number") return value;
  throw invalid(name, `has a number where field ${number} holds bytes`);
}

function asInteger({ number, value }: Field, name: string): number {
  if (typeof value === "number") return value;
  throw invalid(name, `has bytes where field ${number} holds a number`);
}

function asFloat(field: Field, name: string): number {
  const bytes = asBytes(field, name);
  if (bytes.length !== 4) throw invalid(name, `has ${bytes.length} bytes where field ${field.number} holds a float`);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
}

function asText(field: Field, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(asBytes(field, name));
  } catch (cause) {
    throw invalid(name, `has a text in field ${field.number} that is not UTF-8`, cause);
  }
}

/** Protocol buffer enums here count from 1. */
function oneOfNumbers<Word extends string>(number: number, words: readonly Word[], name: string): Word {
  const word = words[number - 1];
  if (word !== undefined) return word;
  throw invalid(name, `is ${number}; known are 1 to ${words.length} (${words.join(", ")})`);
}

function invalid(name: string, problem: string, cause?: unknown): SemspaceError {
  if (cause instanceof SemspaceError) return cause;
  return new SemspaceError("invalid-file", `${name} ${problem}. Fetch the file again.`, { cause });
}
