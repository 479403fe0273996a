import { expect, test } from "vitest";
import { lengthGroups } from "./length-groups.ts";

const grouped = (lengths: readonly number[]) => lengthGroups(Int32Array.from(lengths)).map((rows) => Array.from(rows));

test("texts of about one length are one group, in their order", () => {
  expect(grouped([7, 5, 6, 7])).toEqual([[0, 1, 2, 3]]);
  expect(grouped([9])).toEqual([[0]]);
  expect(grouped([])).toEqual([]);
});

test("one long text among many short ones is computed apart", () => {
  const lengths = Array.from({ length: 32 }, (_, i) => (i === 5 ? 120 : 8));
  expect(grouped(lengths)).toEqual([lengths.flatMap((length, i) => (length === 8 ? [i] : [])), [5]]);
});

test("every row is in one group", () => {
  const lengths = Array.from({ length: 100 }, (_, i) => 1 + ((i * 37) % 200));
  const groups = grouped(lengths);
  expect(groups.length).toBeGreaterThan(1);
  expect(groups.flat().toSorted((a, b) => a - b)).toEqual([...lengths.keys()]);
});
