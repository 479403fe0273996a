/** The losses against sentence-transformers' values and torch's derivatives, on the stored batches of test/golden/losses.json: the largest differences. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Matrix } from "../src/matrix/index.ts";
import { losses } from "../src/training/losses/index.ts";
import type { Loss } from "../src/training/losses/loss.ts";
import { record } from "./harness.ts";

interface Case {
  name: string;
  options: object;
  shape: number[];
  columns: number[][];
  labels: (number | null)[] | null;
  value: number;
  gradients: number[][];
  parameters?: number[][];
}

const cases = JSON.parse(
  readFileSync(join(import.meta.dirname, "../test/golden/losses.json"), "utf8"),
) as readonly Case[];
const makers = losses as unknown as Readonly<Record<string, (options: object) => Loss>>;
const worst = { value: 0, gradient: 0 };
for (const one of cases) {
  const loss = makers[one.name](one.options);
  for (const [p, values] of (one.parameters ?? []).entries()) loss.parameters![p].value.set(values);
  const width = one.shape[1];
  const columns = one.columns.map((data) => new Matrix(Float32Array.from(data), data.length / width, width));
  const labels = one.labels ? Float32Array.from(one.labels, (label) => label ?? -Infinity) : undefined;
  const { value, gradients } = loss.evaluate(columns, labels);
  worst.value = Math.max(worst.value, Math.abs(value - one.value) / Math.abs(one.value));
  for (const [c, wanted] of one.gradients.entries()) {
    const largest = Math.max(...wanted.map((each) => Math.abs(each)));
    for (const [i, each] of wanted.entries())
      worst.gradient = Math.max(worst.gradient, Math.abs(gradients[c].data[i] - each) / largest);
  }
}
const kinds = new Set(cases.map(({ name }) => name)).size;
record(
  "losses",
  (["value", "gradient"] as const).map((part) => ({
    what: `${part} of ${kinds} losses in ${cases.length} settings: largest relative difference`,
    ours: "semspace",
    peer: "sentence-transformers 6.2, torch 2.15",
    figure: worst[part].toExponential(1),
    bar: "<= 1e-4",
    reached: worst[part] <= 1e-4,
  })),
  "Differences of a column's gradient as a part of its largest value. MultipleNegativesRanking and Matryoshka are held in src/training/losses/ranking.test.ts.",
);
