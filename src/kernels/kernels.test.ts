import { expect, test } from "vitest";
import { randomNumbers } from "../matrix/random-numbers.ts";
import { createTable, type TableParts, type TokenRanges } from "./kernels.ts";

function texts(lengths: readonly number[], vocabulary: number): TokenRanges {
  const next = randomNumbers(7);
  const starts = Int32Array.from([0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0))]);
  return { ids: Int32Array.from({ length: starts.at(-1)! }, () => Math.floor(next() * vocabulary)), starts };
}

function parts(kind: "int8" | "float32", dimensions: number, mapped: boolean): TableParts {
  const next = randomNumbers(dimensions);
  const values = Array.from({ length: 100 * dimensions }, () => next() * 254 - 127);
  const rows = kind === "int8" ? Int8Array.from(values) : Float32Array.from(values);
  if (!mapped) return { rows, dimensions };
  const rowOf = Int32Array.from({ length: 300 }, () => Math.floor(next() * 100));
  return { rows, dimensions, rowOf, weightOf: Float32Array.from({ length: 300 }, () => next()) };
}

for (const kind of ["int8", "float32"] as const) {
  for (const dimensions of [1, 3, 31, 64, 77, 256, 300]) {
    for (const mapped of [false, true]) {
      test(`WASM and the reference give the same bits: ${kind}, ${dimensions} dimensions${mapped ? ", mapping and weights" : ""}`, async () => {
        const table = parts(kind, dimensions, mapped);
        const input = texts([0, 1, 2, 17, 1024, 1025, 3000, 0], mapped ? 300 : 100);
        for (const options of [{}, { normalize: true }, { skip: 5, normalize: true }]) {
          const results = ["wasm", "reference"].map(async (choice) => {
            const out = new Float32Array((input.starts.length - 1) * dimensions).fill(Number.NaN);
            (await createTable(table, choice as "wasm")).meanRows(input, out, options);
            return out;
          });
          const [fast, plain] = await Promise.all(results);
          expect(fast.some(Number.isNaN)).toBe(false);
          expect(fast).toEqual(plain);
        }
      });
    }
  }
}

test("a mean is the mean of the weighted rows, without the skipped token", async () => {
  const table = await createTable({
    rows: Int8Array.of(1, 2, 3, 4, 5, 6),
    dimensions: 2,
    weightOf: Float32Array.of(1, 0.5, 2),
  });
  const out = new Float32Array(6);
  table.meanRows({ ids: Int32Array.of(0, 1, 2, 2), starts: Int32Array.of(0, 3, 3, 4) }, out, { skip: 0 });
  expect([...out]).toEqual([(1.5 + 10) / 2, (2 + 12) / 2, 0, 0, 10, 12]);
});

test("a batch larger than one piece of working memory comes out whole and in order", async () => {
  const table = await createTable({
    rows: Float32Array.of(...Array.from({ length: 512 }, (_, i) => i)),
    dimensions: 256,
  });
  const count = 5000;
  const out = new Float32Array(count * 256);
  table.meanRows(
    {
      ids: Int32Array.from({ length: count }, (_, i) => i % 2),
      starts: Int32Array.from({ length: count + 1 }, (_, i) => i),
    },
    out,
  );
  expect([out[0], out[256], out[4998 * 256], out[4999 * 256]]).toEqual([0, 256, 0, 256]);
});

test.each(["wasm", "reference"] as const)("a disposed table says so (%s)", async (choice) => {
  const table = await createTable({ rows: Float32Array.of(1), dimensions: 1 }, choice);
  table.dispose();
  expect(() => table.meanRows({ ids: Int32Array.of(0), starts: Int32Array.of(0, 1) }, new Float32Array(1))).toThrow(
    "was disposed",
  );
});
