import { expect, test } from "vitest";
import { Matrix } from "../matrix/index.ts";
import { distinctTexts, spreadRows } from "./distinct.ts";

test("texts are numbered by their first place, and those without repeats are left as they are", () => {
  const { texts, of } = distinctTexts(["b", "a", "b", "", "a", ""]);
  expect(texts).toEqual(["b", "a", ""]);
  expect(of).toEqual(Uint32Array.of(0, 1, 0, 2, 1, 2));
  const all = ["b", "a", "B"];
  expect(distinctTexts(all)).toEqual({ texts: all, of: undefined });
  expect(distinctTexts(all).texts).toBe(all);
});

test("vectors are spread over the rows in place, or cut on the way", () => {
  const of = Uint32Array.of(0, 1, 0, 2, 1, 2);
  const rows = Matrix.zeros(6, 2);
  rows.data.set([1, 2, 3, 4, 5, 6]);
  spreadRows(new Matrix(rows.data.subarray(0, 6), 3, 2), rows, of);
  expect([...rows.data]).toEqual([1, 2, 3, 4, 1, 2, 5, 6, 3, 4, 5, 6]);

  const cut = Matrix.zeros(6, 1);
  spreadRows(new Matrix(Float32Array.of(1, 2, 3, 4, 5, 6), 3, 2), cut, of);
  expect([...cut.data]).toEqual([1, 3, 1, 5, 3, 5]);
});
