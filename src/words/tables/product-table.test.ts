import { expect, test } from "vitest";
import { written } from "../../../test/written-vectors.ts";
import { Matrix } from "../../matrix/index.ts";
import { loadWordVectors } from "../formats/load.ts";
import { WordVectors } from "../word-vectors.ts";
import type { ProductTable } from "./product-table.ts";

/** Words in groups: the vector of a word is its group's, and something of its own. */
function grouped(count: number, dimensions: number): WordVectors {
  let state = 3;
  const random = (): number => ((state = (state * 16807) % 2147483647) / 2147483647) * 2 - 1;
  const groups = Array.from({ length: 40 }, () => Array.from({ length: dimensions }, random));
  const rows = Array.from({ length: count }, (_, i) => {
    const length = 1 + Math.abs(random()) * 5;
    return groups[i % 40].map((value) => length * (value + 0.4 * random()));
  });
  const words = rows.map((_, i) => `g${i % 40}-${i}`);
  return new WordVectors(words, Matrix.fromRows(rows), { counts: rows.map((_, i) => count - i) });
}

const vectors = grouped(1200, 14);
const small = vectors.quantized({ subspaces: 7 });

test("a product-quantised table keeps a byte a subspace, and its rows are near the exact ones", () => {
  const table = small.table as ProductTable;
  expect(table.codes.length).toBe(1200 * 7);
  expect(small.counts).toBe(vectors.counts);
  let worst = 1;
  for (const [i, word] of vectors.words.entries()) {
    worst = Math.min(worst, small.similarity(word, vectors.vector(word)));
    expect(Math.abs(small.norms[i] / vectors.norms[i] - 1)).toBeLessThan(0.1);
  }
  expect(worst).toBeGreaterThan(0.97);
});

test("looked-up products are those of the rows put together, for any part of the table", () => {
  const query = vectors.vector("g3-43");
  const table = small.table as ProductTable;
  const out = new Float32Array(50);
  table.dots(query, 600, out);
  for (const [i, product] of out.entries()) {
    const exact = table.row(600 + i).reduce((sum, value, k) => sum + value * query[k], 0);
    expect(Math.abs(product - exact)).toBeLessThan(1e-4);
  }
});

test("neighbours among product-quantised rows are mostly the exact ones, with no other copy of the table", () => {
  expect(small.scan).toBeUndefined();
  let found = 0;
  for (let i = 0; i < 100; i += 1) {
    const exact = new Set(vectors.mostSimilar(vectors.words[i], { top: 10 }).map(({ word }) => word));
    found += small.mostSimilar(vectors.words[i], { top: 10 }).filter(({ word }) => exact.has(word)).length;
  }
  expect(found).toBeGreaterThan(700);
  const [first] = small.mostSimilar(vectors.vector("g7-47"), { top: 1 });
  expect(first.word).toBe("g7-47");
  expect(small.doesntMatch(["g1-1", "g1-41", "g1-81", "g9-9"])).toBe("g9-9");
});

test("the same seed gives the same bytes, a last piece may be shorter, more subspaces than dimensions are refused", () => {
  const [a, b, c] = [1, 1, 2].map((seed) => vectors.quantized({ subspaces: 5, seed }).table as ProductTable);
  expect(a.quantizer).toMatchObject({ pieces: 5, pieceLength: 3, lastPieceLength: 2 });
  expect(a.codes).toEqual(b.codes);
  expect(a.codes).not.toEqual(c.codes);
  expect(() => vectors.quantized({ subspaces: 15 })).toThrow("subspaces is 15, the vectors have 14 dimensions");
  expect(() => vectors.quantized({ subspaces: 0 })).toThrow("subspaces");
});

test("a product-quantised table is saved and loaded byte for byte", async () => {
  const files = written(small, "v.safetensors");
  expect(files["v.safetensors"].length).toBeLessThan(1200 * 8 + 14 * 1024 + 1024 + 1200 * 24);
  const again = await loadWordVectors(files);
  expect(again.table).toEqual(small.table);
  const few = await loadWordVectors(files, { limit: 100 });
  expect(few.vectors.data).toEqual(small.vectors.data.subarray(0, 100 * 14));
  // In other formats it becomes float32.
  expect((await loadWordVectors(written(small, "v.bin"))).vectors).toEqual(small.vectors);
});
