import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EmbeddingBagKernel } from "../../kernels/embedding-bag.ts";
import type { Parameter } from "../parameters.ts";
import { learningRates, type ScheduleName } from "../schedules/learning-rate.ts";
import { bagOptimizer } from "../static/bag-optimizer.ts";
import { createOptimizer } from "./create-optimizer.ts";
import type { Optimizer, OptimizerSettings } from "./optimizer.ts";

const golden = JSON.parse(readFileSync("test/golden/trainer.json", "utf8")) as {
  rows: number;
  width: number;
  columns: number[][];
  optimizers: { name: "adamw" | "adagrad"; options: OptimizerSettings; value: number[] }[];
  schedules: { schedule: ScheduleName; warmup: number; steps: number; rates: number[] }[];
};
const { rows, width } = golden;

function parameter(value: Float32Array = Float32Array.from(golden.columns[0])): Parameter {
  return { name: "table", value, shape: [rows, width], decay: true };
}

/** The four steps of the fixture; row 2 never has a gradient. */
function steps(optimizer: Optimizer, kind: "dense" | "rows"): void {
  const ids = Int32Array.from([0, 1, 3, 4, 5]);
  for (let step = 0; step < 4; step += 1) {
    const dense = Float32Array.from(golden.columns[1 + (step % 3)]).fill(0, 2 * width, 3 * width);
    const values = Float32Array.from([...dense.subarray(0, 2 * width), ...dense.subarray(3 * width)]);
    optimizer.step([{ parameter: "table", ...(kind === "dense" ? { dense } : { rows: { ids, values } }) }], 0.05);
  }
}

function close(got: Float32Array, wanted: readonly number[]): void {
  for (const [i, value] of wanted.entries()) expect(Math.abs(got[i] - value)).toBeLessThan(2e-6);
}

test.each(golden.optimizers)("$name steps as torch's does, with $options", ({ name, options, value }) => {
  for (const kind of ["dense", "rows"] as const) {
    const own = parameter();
    steps(createOptimizer([own], { ...options, optimizer: name }), kind);
    close(own.value, value);
  }
});

test.each(golden.optimizers.filter(({ name }) => name === "adamw"))(
  "the kernel's AdamW steps as torch's does, with $options",
  ({ options, value }) => {
    const kernel = new EmbeddingBagKernel(Float32Array.from(golden.columns[0]), width, 1);
    steps(bagOptimizer(kernel, [parameter(kernel.table)], options), "rows");
    close(kernel.table, value);
  },
);

test("rows that are not touched rest where that is asked for, in both implementations", () => {
  const own = parameter();
  const kernel = new EmbeddingBagKernel(Float32Array.from(golden.columns[0]), width, 1);
  for (const optimizer of [
    createOptimizer([own], { rows: "touched", weightDecay: 0.1 }),
    bagOptimizer(kernel, [parameter(kernel.table)], { rows: "touched", weightDecay: 0.1 }),
  ])
    steps(optimizer, "rows");
  const before = Float32Array.from(golden.columns[0]).subarray(2 * width, 3 * width);
  for (const { value } of [own, parameter(kernel.table)]) expect(value.subarray(2 * width, 3 * width)).toEqual(before);
  close(kernel.table, [...own.value]);
});

test("an optimizer goes on from its state as if it had never stopped", () => {
  for (const optimizer of ["adamw", "adagrad"] as const) {
    const [whole, broken] = [parameter(), parameter()];
    const first = createOptimizer([whole], { optimizer });
    steps(first, "rows");
    steps(first, "rows");
    const before = createOptimizer([broken], { optimizer });
    steps(before, "rows");
    const saved = Object.fromEntries(Object.entries(before.state()).map(([name, values]) => [name, values.slice()]));
    const after = createOptimizer([broken], { optimizer });
    after.restore(saved);
    steps(after, "rows");
    expect(broken.value).toEqual(whole.value);
    expect(() => after.restore({})).toThrow(/has no values in the checkpoint/);
  }
});

test.each(golden.schedules)("$schedule with $warmup steps of warm-up is that of transformers", (given) => {
  const rate = learningRates({ ...given, learningRate: 0.5 });
  for (const [step, wanted] of given.rates.entries()) expect(rate(step)).toBeCloseTo(wanted, 12);
});

test("numbers out of range and gradients that do not fit are refused", () => {
  const own = parameter();
  expect(() => createOptimizer([own], { betas: [0.9, 1] })).toThrow("betas must be from 0 to below 1, got 0.9, 1.");
  expect(() => createOptimizer([own], { weightDecay: -1 })).toThrow("weightDecay at least 0");
  expect(() => learningRates({ learningRate: 0, warmup: 0, schedule: "linear", steps: 1 })).toThrow("above 0, got 0");
  const optimizer = createOptimizer([own]);
  expect(() => optimizer.step([{ parameter: "other" }], 0.1)).toThrow('A gradient of "other", which is no parameter');
  const twice = { ids: Int32Array.from([1, 1]), values: new Float32Array(2 * width) };
  expect(() => optimizer.step([{ parameter: "table", rows: twice }], 0.1)).toThrow("got 1 after 1");
  expect(() => optimizer.step([{ parameter: "table", dense: new Float32Array(3) }], 0.1)).toThrow("has 3 values");
});
