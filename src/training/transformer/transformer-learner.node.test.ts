import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withFolder } from "../../../test/temporary-folder.ts";
import { realModel } from "../../../test/real-models.ts";
import { trainTokenizer } from "../../tokenizers/training/train-tokenizer.ts";
import { loadEmbedder } from "../../texts/index.ts";
import type { Tokenizer } from "../../tokenizers/index.ts";
import { datasetOf } from "../data/dataset.ts";
import { losses } from "../losses/index.ts";
import { adamW } from "../optimizers/adamw.ts";
import type { Learner } from "../learner.ts";
import { train } from "../train.ts";
import type { TransformerLearnerOptions } from "./learner-options.ts";
import { transformerLearner } from "./transformer-learner.ts";
import { Matrix } from "../../matrix/index.ts";

const texts = ["the king speaks", "the queen listens and the king speaks to the queen", "a keyboard", ""];
const config = {
  model_type: "bert",
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 24,
  max_position_embeddings: 32,
};

function tokenizerOf(): Promise<Tokenizer> {
  return trainTokenizer(["the king and the queen listen while the keyboard speaks of a king"], {
    model: "wordpiece",
    vocabularySize: 60,
    minFrequency: 1,
  });
}

async function small(options: TransformerLearnerOptions = {}): Promise<Learner> {
  return transformerLearner({ config, tokenizer: await tokenizerOf(), seed: 3, threads: 1, ...options });
}

/** Draws every text towards the first axis; gives the loss before each step. */
async function learn(learner: Learner, steps: number): Promise<number[]> {
  const optimizer = adamW(learner.parameters);
  const found: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const vectors = await learner.encode(texts);
    const upstream = Matrix.zeros(vectors.rows, vectors.columns);
    let loss = 0;
    for (let row = 0; row < vectors.rows; row += 1) {
      const difference = vectors.data[row * vectors.columns] - 1;
      loss += difference ** 2;
      upstream.data[row * vectors.columns] = 2 * difference;
    }
    found.push(loss);
    optimizer.step(await learner.backward(upstream), 0.01);
  }
  return found;
}

test("a transformer of random weights learns what its loss asks, and the saved folder gives the learner's vectors", async () => {
  const learner = await small();
  const found = await learn(learner, 20);
  expect(found.at(-1)!).toBeLessThan(found[0] / 3);
  await withFolder(async (folder) => {
    await learner.save(folder);
    const embedder = await loadEmbedder(folder, { threads: 1 });
    const [saved, own] = [await embedder.encode(texts), await learner.embedder().encode(texts)];
    const worst = Math.max(...saved.data.map((value, i) => Math.abs(value - own.data[i])));
    expect(worst).toBeLessThan(1e-5);
    await embedder.dispose();
    const again = await transformerLearner({ model: folder, threads: 1 });
    expect((await again.encode(texts)).data).toEqual((await learner.encode(texts)).data);
    await again.dispose();
  });
  await learner.dispose();
});

test("a training that was stopped goes on to what an uninterrupted one gives, to the bit", async () => {
  const data = datasetOf({
    anchor: ["the king", "the queen", "a keyboard"],
    positive: ["a king", "a queen", "the keyboard"],
  });
  const settings = { data, loss: losses.multipleNegativesRanking(), batchSize: 2, epochs: 4, learningRate: 0.01 };
  const [whole, first, second] = [await small(), await small(), await small()];
  await train({ learner: whole, ...settings });
  await withFolder(async (checkpoint) => {
    const controller = new AbortController();
    const onProgress = ({ step }: { step: number }) => step === 3 && controller.abort(new Error("enough"));
    const stopped = train({ learner: first, ...settings, checkpoint, signal: controller.signal, onProgress });
    await expect(stopped).rejects.toThrow("enough");
    await train({ learner: second, ...settings, checkpoint });
  });
  for (const [i, { value }] of second.parameters.entries()) expect(value).toEqual(whole.parameters[i].value);
  for (const learner of [whole, first, second]) await learner.dispose();
});

test("the same seed gives the same values, another seed others", async () => {
  const runs = [await small(), await small(), await small({ seed: 4 })];
  const found = [];
  for (const learner of runs) found.push(await learn(learner, 4));
  expect(found[1]).toEqual(found[0]);
  expect(found[2]).not.toEqual(found[0]);
  for (const learner of runs) await learner.dispose();
});

test("only the last layers learn when they alone are asked for", async () => {
  const learner = await small({ lastLayers: 1 });
  expect(learner.parameters.every(({ name }) => name.includes("layer.1."))).toBe(true);
  expect(learner.parameters).toHaveLength(16);
  const found = await learn(learner, 10);
  expect(found.at(-1)!).toBeLessThan(found[0]);
  await learner.dispose();
});

test("frozen embeddings are no parameters", async () => {
  const learner = await small({ freezeEmbeddings: true });
  expect(learner.parameters.some(({ name }) => name.startsWith("embeddings."))).toBe(false);
  await learner.dispose();
});

test("adapters begin as the model was, learn, and are in the weights that are saved", async () => {
  const [plain, learner] = [await small(), await small({ lora: { rank: 4 } })];
  const before = (await plain.encode(texts)).data.slice();
  expect((await learner.encode(texts)).data).toEqual(before);
  expect(learner.parameters.every(({ name }) => name.includes(".lora_"))).toBe(true);
  const found = await learn(learner, 20);
  expect(found.at(-1)!).toBeLessThan(found[0] / 2);
  await withFolder(async (folder) => {
    await learner.save(folder);
    const merged = await transformerLearner({ model: folder, threads: 1 });
    const [own, saved] = [(await learner.encode(texts)).data, (await merged.encode(texts)).data];
    expect(Math.max(...saved.map((value, i) => Math.abs(value - own[i])))).toBeLessThan(1e-5);
    await merged.dispose();
  });
  for (const one of [plain, learner]) await one.dispose();
});

test.each([
  ["neither a model nor a config", {}, "A new model needs a config"],
  ["a part of which nothing learns", { config, lastLayers: 0 }, "Nothing of the model would learn"],
  ["more layers than there are", { config, lastLayers: 3 }, "lastLayers must be 0 to 2, got 3"],
  ["an architecture whose beginning is not known", { config: { ...config, model_type: "deberta" } }, "Known: bert"],
  ["adapters for no layer", { config, lora: { targets: /nowhere/ } }, "No linear layer is a target"],
  ["a pooling that cannot learn", { config, pooling: "weightedmean" as const }, 'Unknown pooling "weightedmean"'],
  ["adapters and last layers", { config, lora: true, lastLayers: 1 }, "exclude each other"],
])("%s is refused", async (_name, options, message) => {
  const tokenizer = await tokenizerOf();
  await expect(transformerLearner({ tokenizer, ...options })).rejects.toThrow(message);
});

const folder = realModel("all-MiniLM-L6-v2");

test.skipIf(!folder)("MiniLM's folder gives its own vectors, and its files come along when it is saved", async () => {
  const learner = await transformerLearner({ model: folder!, threads: 1, lastLayers: 1 });
  const embedder = await loadEmbedder(folder, { threads: 1 });
  const [own, known] = [(await learner.encode(texts)).data, (await embedder.encode(texts)).data];
  expect(Math.max(...own.map((value, i) => Math.abs(value - known[i])))).toBeLessThan(1e-6);
  await withFolder(async (saved) => {
    await learner.save(saved);
    expect(JSON.parse(await readFile(join(saved, "modules.json"), "utf8"))).toHaveLength(3);
  });
  await learner.dispose();
  await embedder.dispose();
});
