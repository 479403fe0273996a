import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pairs, smallLearner, smallTraining } from "../../test/small-training.ts";
import { Matrix } from "../matrix/index.ts";
import { randomNumbers } from "../matrix/random-numbers.ts";
import type { Loss } from "./losses/loss.ts";
import { multipleNegativesRanking } from "./losses/multiple-negatives-ranking.ts";
import { train, type TrainResult } from "./train.ts";
import type { TrainOptions } from "./train-options.ts";

const folder = mkdtempSync(join(tmpdir(), "semspace-train-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The small training with some options changed: what it gave, and the table. */
async function run(options: Partial<TrainOptions> = {}): Promise<{ result: TrainResult; table: Float32Array }> {
  const learner = await smallLearner();
  const result = await train({ ...smallTraining(learner), ...options });
  return { result, table: learner.parameters[0].value.slice() };
}

/** The same training as a process of its own that kills itself after `step`, as Node's arguments. */
function small(checkpoint: string, step: number): string[] {
  const program = join(import.meta.dirname, "../../test/small-training.ts");
  const tsx = ["--import", import.meta.resolve("tsx"), "--conditions=semspace-source"];
  return [...tsx, program, checkpoint, String(step)];
}

let whole: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  whole = await run();
});

test("learning goes on until the end: the loss falls, the best values are kept", () => {
  const { steps, losses, evaluations, best, ended, records } = whole.result;
  expect({ steps, ended, epochs: losses.length }).toEqual({ steps: 32, ended: "done", epochs: 4 });
  expect(losses[3]).toBeLessThan(losses[0] * 0.7);
  expect(evaluations.map(({ step }) => step)).toEqual([5, 10, 15, 20, 25, 30]);
  expect(best!.score).toBe(Math.max(...evaluations.map(({ score }) => score)));
  expect(records).toHaveLength(32 + 6);
});

test("the same seed gives the same bits, another one others", async () => {
  expect((await run()).table).toEqual(whole.table);
  expect((await run({ seed: 12 })).table).not.toEqual(whole.table);
});

test("killed at some step and gone on with, a training gives the bits of an unbroken one, and its log", async () => {
  // Between two states, within an epoch, behind an evaluation.
  const step = 4 + Math.floor(randomNumbers(8)() * 26);
  const checkpoint = join(folder, "killed");
  const killed = spawnSync(process.execPath, small(checkpoint, step), { encoding: "utf8" });
  expect(killed).toMatchObject({ signal: "SIGKILL", stderr: "" });
  const log = join(checkpoint, "log.jsonl");
  const again = await run({ checkpoint, checkpointEvery: 3, log });
  expect(again.table).toEqual(whole.table);
  expect(again.result.losses).toEqual(whole.result.losses);
  expect(again.result.evaluations).toEqual(whole.result.evaluations);
  const steps = readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { step: number; loss?: number });
  expect(steps.filter(({ loss }) => loss !== undefined).map(({ step: each }) => each)).toEqual(
    Array.from({ length: 32 }, (_, i) => i + 1),
  );
  // What is finished is not done again.
  expect((await run({ checkpoint, checkpointEvery: 3, log })).table).toEqual(whole.table);
});

test.each([1, 7, 8, 31])("an abort after step %i keeps the state and rejects with its reason", async (last) => {
  const checkpoint = join(folder, `aborted-${last}`);
  const controller = new AbortController();
  const onProgress = ({ step }: { step: number }): void => {
    if (step === last) controller.abort(new Error("enough"));
  };
  await expect(run({ checkpoint, signal: controller.signal, onProgress })).rejects.toThrow("enough");
  const seen: number[] = [];
  const again = await run({ checkpoint, onProgress: ({ step }) => void seen.push(step) });
  expect(seen[0]).toBe(last + 1);
  expect(again.table).toEqual(whole.table);
});

test("accumulated batches learn as one batch of their mean, and early stop ends", async () => {
  const mean: Loss = {
    name: "ToZero",
    evaluate: (columns) => ({
      value: columns[0].data.reduce((sum, value) => sum + value * value, 0) / columns[0].rows,
      gradients: columns.map(
        ({ data, rows, columns: width }, c) =>
          new Matrix(
            data.map((value) => (c === 0 ? (2 * value) / rows : 0)),
            rows,
            width,
          ),
      ),
    }),
  };
  const common = {
    data: pairs,
    loss: mean,
    evaluateEvery: undefined,
    clip: undefined,
    epochs: 1,
    sampler: "in-order" as const,
  };
  const large = await run({ ...common, batchSize: 16 });
  const small = await run({ ...common, batchSize: 4, accumulate: 4 });
  expect(small.result.steps).toBe(large.result.steps);
  for (const [i, value] of large.table.entries()) expect(Math.abs(small.table[i] - value)).toBeLessThan(1e-4);
  const early = await run({ evaluate: ({ name }) => -name.length, earlyStop: 2 });
  expect(early.result).toMatchObject({ ended: "early", steps: 15, best: { step: 5 } });
});

test("values that are no numbers after the last step end the training, and no checkpoint holds them", async () => {
  const checkpoint = join(folder, "no-numbers");
  const options = { epochs: 1, maxSteps: 1, warmup: 0, schedule: "constant" as const, checkpoint };
  await expect(run({ ...options, learningRate: 1e300 })).rejects.toThrow(
    /holds numbers that are not finite after step 1\. Use a smaller learningRate/,
  );
  expect((await run(options)).result.ended).toBe("done");
});

test("a loss that is no number ends the training: step and rows are named, the last checkpoint stays", async () => {
  const checkpoint = join(folder, "not-a-number");
  let calls = 0;
  const loss = (broken: boolean): Loss => ({
    name: "Broken",
    evaluate: (columns) => ({
      value: broken && ++calls > 10 ? Number.NaN : 1,
      gradients: columns.map(({ rows, columns: width }) => Matrix.zeros(rows, width)),
    }),
  });
  const options = { data: pairs, checkpoint, checkpointEvery: 4 };
  await expect(run({ ...options, loss: loss(true) })).rejects.toThrow(
    /^The loss became NaN at step 11 \(epoch 2\), in the batch of rows \d+, .* \(8 rows\) of pairs\. Use a smaller learningRate/,
  );
  const seen: number[] = [];
  await run({ ...options, loss: loss(false), onProgress: ({ step }) => void seen.push(step) });
  expect(seen[0]).toBe(9);
});

test("a checkpoint of another training is refused and stays as it is", async () => {
  const checkpoint = join(folder, "another");
  await run({ checkpoint, maxSteps: 3 });
  const before = readFileSync(join(checkpoint, "training.safetensors"));
  await expect(run({ checkpoint, maxSteps: 3, learningRate: 0.1 })).rejects.toThrow(
    /is of another training: its learningRate is 0\.05, here it is 0\.1\. Resume with the same model/,
  );
  const other = await smallLearner();
  other.parameters[0].value[5] += 1;
  await expect(run({ checkpoint, maxSteps: 3, learner: other })).rejects.toThrow("its beginning of the model is");
  expect(readFileSync(join(checkpoint, "training.safetensors"))).toEqual(before);
  writeFileSync(join(checkpoint, "training.safetensors"), "broken");
  await expect(run({ checkpoint, maxSteps: 3 })).rejects.toMatchObject({ code: "invalid-file" });
});

test("a state that cannot be written leaves the older one, from which the training goes on", async () => {
  const checkpoint = join(folder, "full");
  const state = join(checkpoint, "training.safetensors");
  const limited = (step: number, blocks: string): { status: number | null; stderr: string } =>
    spawnSync("sh", ["-c", `ulimit -f ${blocks}; exec "$@"`, "sh", process.execPath, ...small(checkpoint, step)], {
      encoding: "utf8",
    });
  limited(4, "unlimited");
  const before = readFileSync(state);
  // Files of at most a few blocks stand for a full disk.
  const { status, stderr } = limited(0, "4");
  expect(status).toBe(1);
  expect(stderr).toMatch(/The state after step 6 could not be written to .* \(EFBIG.*The state before it.* is whole/s);
  expect(readFileSync(state)).toEqual(before);
  expect(readdirSync(checkpoint).toSorted()).toEqual(["log.jsonl", "training.safetensors"]);
  const again = await run({ checkpoint, checkpointEvery: 3, log: join(checkpoint, "log.jsonl") });
  expect(again.table).toEqual(whole.table);
});

test("the curve of the loss is drawn", async () => {
  const curve = join(folder, "curve.svg");
  await run({ curve, maxSteps: 12 });
  const svg = readFileSync(curve, "utf8");
  expect(svg).toMatch(/^<svg xmlns/);
  expect(svg).toMatch(/12 steps<\/text>/);
  expect(svg).not.toMatch(/NaN|Infinity/);
});

test("options that no training can follow are refused before anything is done", async () => {
  await expect(run({ epochs: 0 })).rejects.toThrow("epochs must be a whole number of at least 1, got 0.");
  await expect(run({ data: [] })).rejects.toThrow("data has no data set");
  await expect(run({ data: pairs })).rejects.toThrow("pairs has no loss");
  await expect(run({ evaluate: undefined })).rejects.toThrow("need evaluate");
  await expect(run({ clip: -1 })).rejects.toThrow("clip must be above 0, got -1.");
  await expect(run({ checkpointEvery: 3 })).rejects.toThrow("checkpointEvery needs checkpoint");
  const prompts = { query: "q: " };
  await expect(run({ data: { data: pairs, loss: multipleNegativesRanking(), prompts } })).rejects.toThrow(
    'A prompt for "query", but pairs has the columns anchor, positive.',
  );
});
