import { expect, test } from "vitest";
import { huffmanCodes } from "./huffman.ts";

function codes(counts: number[]): { bits: string[]; nodes: number[][] } {
  const { starts, steps } = huffmanCodes(Float64Array.from(counts));
  const ways = counts.map((_, i) => [...steps.subarray(starts[i], starts[i + 1])]);
  return {
    bits: ways.map((way) => way.map((step) => step & 1).join("")),
    nodes: ways.map((way) => way.map((step) => step >> 1)),
  };
}

test("the codes are those of word2vec.c for a worked example", () => {
  // 5 4 3 2 1: nodes 0 = (1 2), 1 = (3 0), 2 = (4 5), 3 = the root over 1 and 2.
  const { bits, nodes } = codes([5, 4, 3, 2, 1]);
  expect(nodes.map((way) => way[0])).toEqual([3, 3, 3, 3, 3]);
  expect(bits.map((code) => code.length)).toEqual([2, 2, 2, 3, 3]);
  expect(new Set(bits).size).toBe(5);
});

test("a frequent word's code is never longer than a rare one's, and the lengths are optimal", () => {
  const counts = Array.from({ length: 300 }, (_, i) => Math.ceil(10_000 / (i + 1)));
  const lengths = codes(counts).bits.map((code) => code.length);
  for (let i = 1; i < lengths.length; i += 1) expect(lengths[i]).toBeGreaterThanOrEqual(lengths[i - 1]);
  expect(lengths.reduce((sum, length) => sum + 2 ** -length, 0)).toBeCloseTo(1, 12);
});

test("words in any order get the codes of the sorted ones", () => {
  const sorted = codes([9, 5, 3, 1]).bits;
  const mixed = codes([1, 9, 3, 5]).bits;
  expect([mixed[1], mixed[3], mixed[2], mixed[0]]).toEqual(sorted);
});

test("one word has an empty way", () => {
  expect(codes([7]).bits).toEqual([""]);
});
