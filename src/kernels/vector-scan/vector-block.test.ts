import { expect, test } from "vitest";
import type { VectorKind } from "./block-layout.ts";
import { BestRows } from "./best-rows.ts";
import { VectorBlock } from "./vector-block.ts";

/** Whole numbers from -64 to 63, the same everywhere. */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => ((state = (Math.imul(state, 1664525) + 1013904223) | 0) >> 16) & 127).map(
    (value) => value - 64,
  );
}

const DIMENSIONS = 37;
const ROWS = 1300;

/** A block filled with the same rows and queries whatever its kernel. */
function filled(kind: VectorKind, kernel: "auto" | "reference", queries: number): VectorBlock {
  const block = new VectorBlock(kind, DIMENSIONS, { kernel, shared: false });
  block.grow(ROWS);
  for (let row = 0; row < ROWS; row += 1) {
    const values = numbers(DIMENSIONS, row + 1);
    const typed =
      kind === "float32"
        ? Float32Array.from(values, (x) => x / 7)
        : kind === "int8"
          ? Int8Array.from(values)
          : Uint8Array.from(values.slice(0, 5));
    block.bytes(row).set(new Uint8Array(typed.buffer));
    block.scales(row)[0] = 1 / (1 + (row % 5));
    block.prefixScales(row)[0] = 0.5;
  }
  for (let query = 0; query < queries; query += 1) {
    const values = numbers(DIMENSIONS, -query - 1);
    const typed =
      kind === "float32"
        ? Float32Array.from(values, (x) => x / 3)
        : kind === "int8"
          ? Int16Array.from(values, (x) => x * 50)
          : Uint8Array.from(values.slice(0, 5));
    block.setQuery(query, typed, 0.01);
  }
  return block;
}

test.each(["float32", "int8", "bits"] as const)(
  "%s: the kernel and its reference give the same bits, for one query and for several",
  (kind) => {
    for (const queryCount of [1, 3, 7]) {
      const results = (["auto", "reference"] as const).map((kernel) => {
        const block = filled(kind, kernel, queryCount);
        block.begin();
        return block.scan({ rows: ROWS, queryCount, k: 9 });
      });
      expect(results[0]).toEqual(results[1]);
      // A query's scores do not depend on the others.
      const alone = filled(kind, "auto", 1);
      alone.begin();
      expect(alone.scan({ rows: ROWS, queryCount: 1, k: 9 })[0]).toEqual(results[0][0]);
    }
  },
);

test("only rows that are allowed are found, the first dimensions count when asked", () => {
  for (const kernel of ["auto", "reference"] as const) {
    const block = filled("float32", kernel, 1);
    const allowed = Uint8Array.from({ length: ROWS }, (_, row) => (row % 100 === 3 ? 1 : 0));
    block.begin();
    const [{ rows }] = block.scan({ rows: ROWS, queryCount: 1, k: 50, allowed });
    expect(rows.toSorted()).toEqual(Int32Array.from({ length: 13 }, (_, i) => 3 + 100 * i));
    block.begin();
    const [{ scores }] = block.scan({ rows: ROWS, queryCount: 1, k: 1, firstDimensions: 8 });
    const query = numbers(8, -1);
    const exact = Array.from({ length: ROWS }, (_, row) => {
      const values = numbers(8, row + 1);
      return values.reduce((sum, value, k) => sum + (value / 7) * (query[k] / 3), 0) * 0.5;
    });
    expect(scores[0]).toBeCloseTo(Math.max(...exact), 3);
  }
});

test("scores of all rows are those of the scan", () => {
  for (const kind of ["float32", "int8"] as const) {
    const block = filled(kind, "auto", 1);
    block.begin();
    const [{ rows, scores }] = block.scan({ rows: ROWS, queryCount: 1, k: ROWS });
    const all = block.scores();
    expect(scores).toEqual(Float32Array.from(rows, (row) => all[row]));
  }
});

test("the best rows are sorted, equal scores by row, whatever the order they come in", () => {
  const best = new BestRows(3);
  for (const [row, score] of [
    [5, 1],
    [2, 1],
    [9, 4],
    [1, 0],
    [3, 1],
  ])
    best.push(row, score);
  expect(best.sorted()).toEqual({ rows: Int32Array.of(9, 2, 3), scores: Float32Array.of(4, 1, 1) });
  expect(new BestRows(0).sorted().rows).toHaveLength(0);
});
