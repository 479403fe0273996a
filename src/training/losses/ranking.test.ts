import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { randomMatrix } from "../../../test/random-matrix.ts";
import { RankingKernel } from "../../kernels/ranking.ts";
import { Matrix } from "../../matrix/index.ts";
import { matryoshka } from "./matryoshka.ts";
import { multipleNegativesRanking, type RankingOptions } from "./multiple-negatives-ranking.ts";
import { rankingByDirections } from "./ranking-directions.ts";

interface Case {
  name: string;
  columns: number;
  options: RankingOptions;
  value: number;
  gradients: number[][];
  dims?: number[];
  weights?: number[];
}

const golden = JSON.parse(readFileSync("test/golden/trainer.json", "utf8")) as {
  rows: number;
  width: number;
  columns: number[][];
  cases: Case[];
};
const columns = golden.columns.map((values) => new Matrix(Float32Array.from(values), golden.rows, golden.width));

/** Length of the difference over the length of what is expected. */
function difference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [squares, whole] = [0, 0];
  for (let i = 0; i < wanted.length; i += 1) {
    squares += (got[i] - wanted[i]) ** 2;
    whole += wanted[i] ** 2;
  }
  return Math.sqrt(squares / whole);
}

test.each(golden.cases)("value and gradients are those of sentence-transformers: $name", (given) => {
  const inner = multipleNegativesRanking(given.options);
  const loss = given.dims ? matryoshka(inner, { dimensions: given.dims, weights: given.weights! }) : inner;
  const { value, gradients } = loss.evaluate(columns.slice(0, given.columns));
  expect(Math.abs(value / given.value - 1)).toBeLessThan(2e-6);
  for (const [c, wanted] of given.gradients.entries()) expect(difference(gradients[c].data, wanted)).toBeLessThan(1e-5);
});

describe("the kernel", () => {
  const batch = [randomMatrix(37, 64, 1), randomMatrix(37, 64, 2), randomMatrix(37, 64, 3)];

  test("gives what plain TypeScript gives, for sizes that fill no block", () => {
    const settings = { scale: 20, similarity: "cosine", partition: "joint", directions: ["query_to_doc"] } as const;
    const plain = rankingByDirections(batch, settings);
    const fast = multipleNegativesRanking().evaluate(batch);
    expect(Math.abs(fast.value / plain.value - 1)).toBeLessThan(1e-6);
    for (const [c, { data }] of plain.gradients.entries())
      expect(difference(fast.gradients[c].data, data)).toBeLessThan(1e-5);
  });

  test("takes all lengths at once and gives what they give one by one", () => {
    const dimensions = [64, 32, 16];
    const together = matryoshka(multipleNegativesRanking(), { dimensions, weights: [1, 2, 0.5] }).evaluate(batch);
    const inner = multipleNegativesRanking();
    const apart = matryoshka(
      { name: inner.name, evaluate: (given) => inner.evaluate(given) },
      { dimensions, weights: [1, 2, 0.5] },
    );
    const wanted = apart.evaluate(batch);
    expect(Math.abs(together.value / wanted.value - 1)).toBeLessThan(1e-6);
    for (const [c, { data }] of wanted.gradients.entries())
      expect(difference(together.gradients[c].data, data)).toBeLessThan(1e-5);
  });

  test("gives the same bits with one thread and with several", () => {
    const [queries, documents] = [randomMatrix(200, 32, 4), randomMatrix(200, 32, 5)];
    const run = (threads: number): Float32Array => {
      const kernel = new RankingKernel(threads);
      let result = new Float32Array();
      for (let round = 0; round < 4; round += 1) {
        const { queries: a, documents: b } = kernel.run({
          ...{ queries: queries.data, rows: 200, documents: [documents.data], columns: 32 },
          ...{ cuts: [{ length: 32, weight: 1 }], scale: 20, cosine: true },
        });
        result = Float32Array.from([...a, ...b]);
      }
      return result;
    };
    expect(run(3)).toEqual(run(1));
  });

  test("gives a text without tokens no derivative, and the others finite ones", () => {
    const empty = new Matrix(batch[0].data.slice().fill(0, 0, 64), 37, 64);
    const { value, gradients } = multipleNegativesRanking().evaluate([empty, batch[1]]);
    expect(Number.isFinite(value)).toBe(true);
    expect(gradients[0].row(0).every((each) => each === 0)).toBe(true);
    expect(gradients[1].data.every((each) => Number.isFinite(each))).toBe(true);
  });
});

test("options and columns that do not go together are refused", () => {
  expect(() => multipleNegativesRanking({ scale: 0 })).toThrow("scale must be above 0, got 0.");
  expect(() => multipleNegativesRanking({ directions: ["doc_to_query"] })).toThrow("directions needs query_to_doc");
  expect(() =>
    multipleNegativesRanking({ directions: ["query_to_doc", "doc_to_doc"], partition: "per_direction" }),
  ).toThrow('doc_to_doc has none. Use "joint".');
  expect(() => multipleNegativesRanking().evaluate([columns[0]])).toThrow("needs the columns anchor and positive");
  expect(() => multipleNegativesRanking().evaluate([columns[0], randomMatrix(6, 8, 1)])).toThrow("6 x 16 and 6 x 8");
  expect(() => matryoshka(multipleNegativesRanking(), { dimensions: [32] }).evaluate(columns)).toThrow(
    "Matryoshka cuts to 32 dimensions, the vectors have 16.",
  );
  expect(() => matryoshka(multipleNegativesRanking(), { dimensions: [8, 8] })).toThrow("different dimensions");
});

test("lengths that are drawn follow from the batch and the seed", () => {
  const loss = matryoshka(multipleNegativesRanking(), { dimensions: [16, 8, 4], perStep: 1 });
  const batch = columns.slice(0, 2);
  expect(loss.evaluate(batch).value).toBe(loss.evaluate(batch).value);
  const values = new Set(
    [1, 2, 3, 4, 5, 6].map(
      (seed) =>
        matryoshka(multipleNegativesRanking(), { dimensions: [16, 8, 4], perStep: 1, seed }).evaluate(batch).value,
    ),
  );
  expect(values.size).toBeGreaterThan(1);
});
