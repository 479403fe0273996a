import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withFolder } from "../../../test/temporary-folder.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { trainTokenizer } from "../../tokenizers/training/train-tokenizer.ts";
import { loadDecoder, loadHeadedTransformer } from "../../transformers/index.ts";
import { languageModel, type LanguageModel } from "./language-model.ts";
import { languageModelRows } from "./language-model-rows.ts";
import { maskTokens } from "./mask-tokens.ts";
import { trainLanguageModel } from "./train-language-model.ts";

const corpus = Array.from(
  { length: 40 },
  (_, i) => `the ${i % 2 ? "king" : "queen"} of the land speaks and the people listen`,
);

async function open(modelType: "bert" | "gpt2"): Promise<LanguageModel> {
  const model = modelType === "bert" ? "wordpiece" : "byte-level-bpe";
  const tokenizer = await trainTokenizer(corpus, {
    model,
    vocabularySize: modelType === "bert" ? 60 : 290,
    minFrequency: 1,
  });
  const config =
    modelType === "bert"
      ? {
          model_type: "bert",
          hidden_size: 16,
          num_hidden_layers: 1,
          num_attention_heads: 2,
          max_position_embeddings: 32,
        }
      : { model_type: "gpt2", n_embd: 16, n_layer: 1, n_head: 2, n_positions: 32 };
  return languageModel({ config, tokenizer, seed: 5, threads: 1 });
}

const settings = {
  corpus,
  columns: 12,
  batchSize: 4,
  learningRate: 0.02,
  warmup: 2,
  seed: 7,
  maxSteps: 40,
  epochs: 40,
};

const lossesOf = (records: readonly object[]) =>
  records.flatMap((record) => ("loss" in record ? [record.loss as number] : []));

test.each(["bert", "gpt2"] as const)(
  "a small %s learns its corpus from random vectors, and its folder opens for its task",
  async (modelType) => {
    const model = await open(modelType);
    const { records } = await trainLanguageModel({ model, ...settings });
    const losses = lossesOf(records);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(losses[0]).toBeGreaterThan(3.5);
    expect(mean(losses.slice(-5))).toBeLessThan(0.75 * losses[0]);
    await withFolder(async (folder) => {
      await model.save(folder);
      const opened = await (modelType === "bert" ? loadHeadedTransformer(folder, "fill-mask") : loadDecoder(folder));
      await opened.dispose();
    });
    await model.dispose();
  },
);

test("a training that was stopped goes on to what an uninterrupted one gives", async () => {
  await withFolder(async (folder) => {
    const whole = await open("bert");
    const { records } = await trainLanguageModel({ model: whole, ...settings, maxSteps: 20 });
    const options = {
      ...settings,
      maxSteps: 20,
      checkpoint: folder,
      checkpointEvery: 6,
      log: join(folder, "log.jsonl"),
    };
    const first = await open("bert");
    const controller = new AbortController();
    const stopped = trainLanguageModel({
      model: first,
      ...options,
      signal: controller.signal,
      onProgress: ({ step }) => step === 9 && controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
    const second = await open("bert");
    const resumed = await trainLanguageModel({ model: second, ...options });
    expect(lossesOf(resumed.records)).toEqual(lossesOf(records));
    for (const [i, { value }] of second.parameters.entries()) expect(value).toEqual(whole.parameters[i].value);
    const lines = (await readFile(options.log, "utf8")).trim().split("\n");
    expect(lines).toHaveLength(20);
    const other = { ...options, seed: 8 };
    await expect(trainLanguageModel({ model: second, ...other })).rejects.toThrow("of another training: its seed is 7");
    for (const model of [whole, first, second]) await model.dispose();
  });
});

test("with a rate that stays a training that is done can be made longer", async () => {
  await withFolder(async (folder) => {
    const constant = { ...settings, schedule: "constant" as const };
    const whole = await open("bert");
    await trainLanguageModel({ model: whole, ...constant, maxSteps: 8 });
    const model = await open("bert");
    await trainLanguageModel({ model, ...constant, maxSteps: 5, checkpoint: folder });
    const { records } = await trainLanguageModel({ model, ...constant, maxSteps: 8, checkpoint: folder });
    expect(records).toHaveLength(3);
    expect(model.tokenVectors.value).toEqual(whole.tokenVectors.value);
    await expect(trainLanguageModel({ model, ...settings, maxSteps: 8, checkpoint: folder })).rejects.toThrow(
      'its schedule is "constant"',
    );
    for (const one of [whole, model]) await one.dispose();
  });
});

test("of the tokens 15 % are asked for, of these 80 % hidden, 10 % replaced, 10 % left", () => {
  const tokens = Int32Array.from({ length: 20_000 }, (_, i) => (i % 20 === 0 ? 0 : 5 + (i % 50)));
  const { ids, positions, labels } = maskTokens(tokens, {
    ...{ share: 0.15, maskId: 4, vocabularySize: 100, special: new Set([0, 4]), random: randomNumbers(1) },
  });
  expect(positions.length / 19_000).toBeCloseTo(0.15, 2);
  expect([...labels]).toEqual([...positions].map((i) => tokens[i]));
  const share = (holds: (i: number) => boolean) => [...positions].filter(holds).length / positions.length;
  expect(share((i) => ids[i] === 4)).toBeCloseTo(0.8, 1);
  expect(share((i) => ids[i] === tokens[i])).toBeCloseTo(0.1, 1);
  expect([...positions].some((i) => tokens[i] === 0)).toBe(false);
});

test("rows are whole and of one length: special tokens around a masked model's, none in a causal one's", async () => {
  const bert = await open("bert");
  const rows = await languageModelRows(bert, corpus, { ...settings, maskShare: 0.15 });
  const { ids, columns } = rows.batch(0, 0, randomNumbers(1));
  const [cls, sep] = ["[CLS]", "[SEP]"].map((token) => bert.tokenizer.tokenToId(token));
  for (let row = 0; row < 4; row += 1) expect([ids[row * columns], ids[(row + 1) * columns - 1]]).toEqual([cls, sep]);
  const gpt = await open("gpt2");
  const following = await languageModelRows(gpt, corpus, { ...settings, maskShare: 0.15 });
  const batch = following.batch(0, 0, randomNumbers(1));
  expect(batch.positions).toHaveLength(4 * 11);
  expect(batch.labels[0]).toBe(batch.ids[1]);
  for (const model of [bert, gpt]) await model.dispose();
});

test("too long rows, a share that is none and a corpus of less than a batch are refused", async () => {
  const model = await open("bert");
  const wrong = (options: object) => trainLanguageModel({ model, ...settings, ...options });
  await expect(wrong({ columns: 64 })).rejects.toThrow("columns must be at most 32");
  await expect(wrong({ maskShare: 0 })).rejects.toThrow("maskShare must be between 0 and 1");
  await expect(wrong({ corpus: ["the king"] })).rejects.toThrow("fewer than one row");
  await expect(wrong({ batchSize: 5000 })).rejects.toThrow("a batch has 5000");
  await model.dispose();
});
