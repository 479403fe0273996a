import { describe, expect, test } from "vitest";
import { SemspaceError } from "../errors.ts";
import { readSentencePiece } from "./sentencepiece.ts";

const encoder = new TextEncoder();
const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]);
const bytesField = (number: number, bytes: Iterable<number>): number[] => {
  const list = [...bytes];
  return [...varint(number * 8 + 2), ...varint(list.length), ...list];
};
const numberField = (number: number, value: number): number[] => [...varint(number * 8), ...varint(value)];
const float = (number: number, value: number): number[] => [
  ...varint(number * 8 + 5),
  ...new Uint8Array(new Float32Array([value]).buffer),
];
const piece = (text: string, score: number, type?: number): number[] =>
  bytesField(1, [
    ...bytesField(1, encoder.encode(text)),
    ...float(2, score),
    ...(type === undefined ? [] : numberField(3, type)),
  ]);
const pieces = [...piece("<unk>", 0, 2), ...piece("▁a", -1.5), ...piece("<0x0A>", 0, 6)];
const read = (bytes: number[]) => readSentencePiece(Uint8Array.from(bytes), "m.model");

test("pieces, training and normalizer are read, other fields are skipped", () => {
  const trainer = [
    ...bytesField(1, encoder.encode("corpus.txt")),
    ...numberField(3, 2),
    ...numberField(35, 1),
    ...numberField(40, 0),
    ...bytesField(46, encoder.encode("[BOS]")),
  ];
  const normalizer = [...bytesField(1, encoder.encode("nmt")), ...bytesField(2, [1, 2, 3]), ...numberField(3, 0)];
  const model = read([
    ...pieces,
    ...bytesField(2, trainer),
    ...bytesField(3, normalizer),
    ...bytesField(4, [9]),
    ...varint(99 * 8 + 1),
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
  ]);
  expect(model).toEqual({
    pieces: [
      { text: "<unk>", score: 0, type: "unknown" },
      { text: "▁a", score: -1.5, type: "normal" },
      { text: "<0x0A>", score: 0, type: "byte" },
    ],
    algorithm: "bpe",
    byteFallback: true,
    unknownId: 0,
    unknownPiece: "<unk>",
    beginPiece: "[BOS]",
    endPiece: "</s>",
    charsMap: Uint8Array.of(1, 2, 3),
    addDummyPrefix: false,
  });
});

describe("a malformed file is refused with what is wrong", () => {
  const minusOne = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
  test.each<[string, number[], string]>([
    ["empty", [], "m.model has no pieces"],
    ["cut off within a piece", pieces.slice(0, -3), "promises 15 bytes at byte 31, but only 12 are left"],
    [
      "a length beyond the file",
      [0x0a, ...varint(0x7fffffff), 1],
      "promises 2147483647 bytes at byte 6, but only 1 are left",
    ],
    ["a length beyond 2^31", [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1], "promises 4294967295 bytes"],
    ["an endless number", Array.from({ length: 12 }, () => 0xff), "has a number of more than 10 bytes"],
    ["ends within a number", [...pieces, 0x80], "ends within a number"],
    ["an unknown kind of field", [0x0b], "has a field of the unknown kind 3"],
    ["a field number 0", [0x00, 1], "has a field number 0"],
    ["a piece that is a number", numberField(1, 5), "has a number where field 1 holds bytes"],
    [
      "a piece whose text is not UTF-8",
      bytesField(1, bytesField(1, [0xff, 0xfe])),
      "piece 0, has a text in field 1 that is not UTF-8",
    ],
    [
      "a score of 8 bytes",
      bytesField(1, [2 * 8 + 1, 0, 0, 0, 0, 0, 0, 0, 0]),
      "has 8 bytes where field 2 holds a float",
    ],
    ["a type that is none", piece("a", 0, 9), "type is 9; known are 1 to 6 (normal, unknown"],
    [
      "an algorithm that is none",
      [...pieces, ...bytesField(2, numberField(3, 7))],
      "model_type is 7; known are 1 to 4",
    ],
    [
      "an algorithm that is bytes",
      [...pieces, ...bytesField(2, bytesField(3, [1]))],
      "has bytes where field 3 holds a number",
    ],
    [
      "an unknown piece outside the pieces",
      [...pieces, ...bytesField(2, numberField(40, 3))],
      "its unknown piece is number 3, but has 3 pieces",
    ],
    [
      "a negative unknown piece",
      [...pieces, ...bytesField(2, [...varint(40 * 8), ...minusOne])],
      "its unknown piece is number -1",
    ],
  ])("%s", (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(SemspaceError);
    expect(() => read(bytes)).toThrow(message);
  });
});
