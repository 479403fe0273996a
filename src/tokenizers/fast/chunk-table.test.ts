import { expect, test } from "vitest";
import { ChunkTable, longestChunk } from "./chunk-table.ts";

const idsOf = (table: ChunkTable, slot: number): number[] => {
  const into = new Int32Array(table.count(slot));
  if (into.length === 1) into[0] = table.only(slot);
  else table.write(slot, into, 0);
  return [...into];
};

test("chunks are found as parts of a text, with their ids, also when hashes collide", () => {
  const table = new ChunkTable(1000);
  const chunks: [string, number[]][] = [
    ["low", [1]],
    ["er", [2, 3]],
    ["", []],
    ["日本", [4, 5, 6]],
    ["x", []],
  ];
  for (const [chunk, ids] of chunks) if (chunk !== "") expect(table.add(chunk, 42, ids, ids.length === 2)).toBe(true);
  for (const [chunk, ids] of chunks) {
    if (chunk === "") continue;
    const slot = table.find(`--${chunk}--`, 2, 2 + chunk.length, 42);
    expect(idsOf(table, slot)).toEqual(ids);
    expect(table.doubtful(slot)).toBe(ids.length === 2);
  }
  expect(table.find("lox", 0, 3, 42)).toBe(-1);
  expect(table.find("low", 0, 2, 42)).toBe(-1);
  expect(table.find("low", 0, 3, 43)).toBe(-1);
});

test("a full table keeps what comes again and forgets the rest", () => {
  const table = new ChunkTable(100);
  table.add("often", 7, [1, 2], true);
  for (let i = 0; i < 1000; i += 1) {
    table.add(`w${i}`, i, [i], false);
    let slot = table.find("often", 0, 5, 7);
    if (slot < 0) slot = table.recall("often", 0, 5, 7);
    expect(idsOf(table, slot)).toEqual([1, 2]);
    expect(table.doubtful(slot)).toBe(true);
  }
  expect(table.find("w3", 0, 2, 3)).toBe(-1);
  expect(table.recall("w3", 0, 2, 3)).toBe(-1);
  expect(idsOf(table, table.find("w999", 0, 4, 999))).toEqual([999]);
});

test("a chunk that is too long or becomes too many ids is not kept", () => {
  const table = new ChunkTable(10);
  expect(table.add("a".repeat(longestChunk + 1), 1, [1], false)).toBe(false);
  expect(table.add("a", 1, new Int32Array(70_000), false)).toBe(false);
  expect(table.add("a".repeat(longestChunk), 1, [1], false)).toBe(true);
  expect(idsOf(table, table.find("a".repeat(longestChunk), 0, longestChunk, 1))).toEqual([1]);
});
