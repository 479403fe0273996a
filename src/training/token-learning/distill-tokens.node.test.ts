import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Matrix, pairwiseSimilarity } from "../../matrix/index.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { loadEmbedder } from "../../texts/index.ts";
import { staticModelFiles, type StaticModelParts } from "../../texts/static/index.ts";
import { distillTokens, type DistillTokensOptions } from "./distill-tokens.ts";

const work = mkdtempSync(join(tmpdir(), "semspace-token-learning-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const [count, dimensions, teacherDimensions] = [40, 8, 12];
const words = Array.from({ length: count }, (_, i) => `w${i}`);
const random = randomNumbers(3);
const gaussian = (): number => random() + random() + random() + random() - 2;

/** Words' true vectors, of which a teacher of 12 dimensions tells the mean, in a random rotation with a random length. */
const truth = Matrix.fromRows(words.map(() => Array.from({ length: dimensions }, gaussian)));
const frame = Matrix.fromRows(
  Array.from({ length: dimensions }, () => Array.from({ length: teacherDimensions }, gaussian)),
);
const texts = Array.from({ length: 600 }, () =>
  Array.from({ length: 1 + Math.floor(4 * random()) }, () => words[Math.floor(count * random())]).join(" "),
);
const vectors = Matrix.fromRows(
  texts.map((text) => {
    const taught = new Float32Array(teacherDimensions);
    for (const word of text.split(" "))
      for (let i = 0; i < dimensions; i += 1)
        for (let j = 0; j < teacherDimensions; j += 1) taught[j] += truth.row(words.indexOf(word))[i] * frame.row(i)[j];
    return taught;
  }),
);
const start: StaticModelParts = {
  rows: Float32Array.from({ length: (count + 1) * dimensions }, gaussian),
  dimensions,
  tokenizer: new TextEncoder().encode(
    JSON.stringify({
      version: "1.0",
      ...{ added_tokens: [], normalizer: null, post_processor: null, decoder: null },
      pre_tokenizer: { type: "Whitespace" },
      model: {
        type: "WordLevel",
        unk_token: "?",
        vocab: Object.fromEntries(["?", ...words].map((word, id) => [word, id])),
      },
    }),
  ),
  config: { normalize: true, max_length: null },
};
const options: DistillTokensOptions = {
  ...{ teacher: "none", texts, vectors, start, dimensions, quantizeTo: "float32", whitening: 0 },
  ...{ batchSize: 64, epochs: 12, learningRate: 0.05, warmupSteps: 5, seed: 7 },
};

async function meanCosine(parts: StaticModelParts, size: number): Promise<number> {
  const embedder = await loadEmbedder(staticModelFiles(parts));
  const learnt = await embedder.encode(texts, { truncateDim: size, normalize: true });
  const similar = (m: Matrix): Float32Array =>
    pairwiseSimilarity(
      new Matrix(m.data.subarray(0, 299 * m.columns), 299, m.columns),
      new Matrix(m.data.subarray(m.columns, 300 * m.columns), 299, m.columns),
    );
  const [ours, theirs] = [similar(learnt), similar(vectors)];
  return ours.reduce((sum, value, i) => sum + Math.abs(value - theirs[i]), 0) / ours.length;
}

test("token vectors are learnt whose texts are as near to each other as the teacher says", async () => {
  const losses: number[] = [];
  const parts = await distillTokens({ ...options, onProgress: ({ loss }) => losses.push(loss!) });
  expect(losses).toHaveLength(12 * 9);
  expect(losses.at(-1)).toBeLessThan(0.1 * losses[0]);
  expect(await meanCosine(start, dimensions)).toBeGreaterThan(0.2);
  expect(await meanCosine(parts, dimensions)).toBeLessThan(0.05);
  expect([...parts.rows.subarray(0, dimensions)]).toEqual(Array.from({ length: dimensions }, () => 0));
});

test("with shorter prefixes the whole still learns, and the folder names them", async () => {
  const parts = await distillTokens({ ...options, shorter: [3] });
  expect(await meanCosine(parts, dimensions)).toBeLessThan(0.1);
  expect(parts.rows).not.toEqual((await distillTokens(options)).rows);
  expect(parts.config["matryoshka_dims"]).toEqual([8, 3]);
});

test("the same seed gives the same bits, another one others; int8 rows are the same table rounded", async () => {
  const brief = { ...options, epochs: 1 };
  const [a, b, c] = [
    await distillTokens(brief),
    await distillTokens(brief),
    await distillTokens({ ...brief, seed: 8 }),
  ];
  expect(b.rows).toEqual(a.rows);
  expect(c.rows).not.toEqual(a.rows);
  const rounded = await distillTokens({ ...brief, quantizeTo: "int8" });
  for (const [k, value] of rounded.rows.entries()) {
    const scale = rounded.weightOf![Math.floor(k / dimensions)];
    expect(Math.abs(value * scale - a.rows[k])).toBeLessThanOrEqual(scale / 2 + 1e-6);
  }
});

test("a run that was stopped goes on from its checkpoint to the same bits; another run's checkpoint is refused", async () => {
  const checkpoint = join(work, "state.safetensors");
  const brief = { ...options, epochs: 2, checkpoint, checkpointSteps: 4 };
  const stopping = new AbortController();
  const onProgress = ({ done }: { done: number }): void => {
    if (done === 11) stopping.abort(new Error("stopped"));
  };
  await expect(distillTokens({ ...brief, onProgress, signal: stopping.signal })).rejects.toThrow("stopped");
  await expect(distillTokens({ ...brief, seed: 9 })).rejects.toThrow("is of another run");
  const steps: number[] = [];
  const parts = await distillTokens({ ...brief, onProgress: ({ done }) => steps.push(done) });
  expect(steps[0]).toBe(9);
  expect(parts.rows).toEqual((await distillTokens({ ...options, epochs: 2 })).rows);
  expect(existsSync(checkpoint)).toBe(false);
});

test("whitening keeps the order of the columns where shorter prefixes were asked for", async () => {
  const plain = await distillTokens({ ...options, epochs: 1, shorter: [4] });
  const white = await distillTokens({ ...options, epochs: 1, shorter: [4], whitening: 1 });
  const factors = Array.from({ length: dimensions }, (_, j) => white.rows[dimensions + j] / plain.rows[dimensions + j]);
  for (let k = dimensions; k < plain.rows.length; k += 1)
    expect(white.rows[k]).toBeCloseTo(plain.rows[k] * factors[k % dimensions], 3);
});

test("too few texts, vectors of other texts, a start of another length, and wrong options are refused", async () => {
  const wrong = async (change: Partial<DistillTokensOptions>, message: string): Promise<void> =>
    expect(distillTokens({ ...options, ...change })).rejects.toThrow(message);
  await wrong({ texts: texts.slice(0, 9), vectors: undefined }, "9 texts are too few to learn 8 dimensions from");
  await wrong({ texts: texts.slice(1) }, "599 texts and 600 vectors");
  await wrong({ dimensions: 16 }, "The start has 8 dimensions");
  await wrong({ shorter: [8] }, "shorter must be whole numbers from 1 to 7, got 8");
  await wrong({ whitening: 2 }, "whitening must lie between 0 and 1, got 2");
  await wrong({ learningRate: Infinity }, "The loss is NaN at step");
});
