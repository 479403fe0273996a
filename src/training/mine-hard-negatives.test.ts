import { expect, test } from "vitest";
import golden from "../../test/golden/hard-negatives.json" with { type: "json" };
import { Matrix } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import { type MineOptions, mineHardNegatives } from "./mine-hard-negatives.ts";

/** The vectors of test/golden/hard_negatives.py. */
function vectorOf(text: string): number[] {
  const number = Number(text.slice(1));
  const turned = text.startsWith("q") ? 0.2 : 0;
  return Array.from({ length: 6 }, (_, k) => Math.cos(number * 0.37 + k + turned) + 0.1 * Math.sin(number * k));
}

const encode = async (texts: readonly string[]): Promise<Matrix> => Matrix.fromRows(texts.map(vectorOf));
const embedder = { encodeQuery: encode, encodeDocument: encode } as unknown as Embedder;
const { anchors, positives, corpus } = golden;

const names: Readonly<Record<string, keyof MineOptions>> = {
  num_negatives: "negatives",
  range_min: "rangeMin",
  range_max: "rangeMax",
  absolute_margin: "absoluteMargin",
  relative_margin: "relativeMargin",
  max_score: "maxScore",
  min_score: "minScore",
  include_positives: "includePositives",
  output_format: "format",
};

test.each(golden.cases)("$options mines what sentence-transformers mines", async ({ options, columns, scores }) => {
  const given = Object.fromEntries(Object.entries(options).map(([name, value]) => [names[name], value]));
  const mined = await mineHardNegatives({ anchors, positives, corpus, embedder, ...given });
  const { label, labels, ...texts } = columns as unknown as Record<string, unknown>;
  if (labels) {
    expect(mined.lists).toEqual(
      (labels as number[][]).map((each, i) => ({ documents: (texts["positive"] as string[][])[i], labels: each })),
    );
    expect(mined.columns["anchor"]).toEqual(texts["anchor"]);
  } else expect(mined.columns).toEqual(texts);
  expect(mined.labels).toEqual(label);
  expect(mined.scores.map(({ length }) => length)).toEqual(scores.map(({ length }) => length));
  for (const [row, wanted] of scores.entries())
    for (const [i, score] of wanted.entries()) expect(mined.scores[row][i]).toBeCloseTo(score, 5);
});

test("random negatives follow the seed and keep the order of the scores", async () => {
  const mine = (seed: number) =>
    mineHardNegatives({
      anchors,
      positives,
      corpus,
      embedder,
      negatives: 2,
      rangeMax: 20,
      sampling: "random",
      format: "n-tuple",
      seed,
    });
  const [one, again, other] = [await mine(1), await mine(1), await mine(2)];
  expect(one).toEqual(again);
  expect(one.columns).not.toEqual(other.columns);
  for (const [, first, second] of one.scores) expect(first).toBeGreaterThanOrEqual(second);
});

test("progress tells of anchors, and an abort ends the search", async () => {
  const seen: number[] = [];
  await mineHardNegatives({ anchors, positives, embedder, onProgress: ({ done }) => seen.push(done) });
  expect(seen).toEqual([12]);
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  const mining = mineHardNegatives({ anchors, positives, embedder, signal: controller.signal });
  await expect(mining).rejects.toThrow("enough");
});

test("impossible requests are refused", async () => {
  const refused = (options: Partial<MineOptions>) =>
    expect(mineHardNegatives({ anchors, positives, embedder, ...options })).rejects;
  await refused({ positives: ["d1"] }).toThrow("Every anchor needs its positive, got 13 and 1.");
  await refused({ anchors: [], positives: [] }).toThrow("no rows to mine");
  await refused({ negatives: 3, rangeMin: 4, rangeMax: 5 }).toThrow("Use at least 7");
  await refused({ sampling: "best" as never }).toThrow('Unknown sampling "best"');
  await refused({ format: "tuple" as never }).toThrow('Unknown format "tuple"');
});
