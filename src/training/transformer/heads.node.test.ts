import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withFolder } from "../../../test/temporary-folder.ts";
import { trainTokenizer } from "../../tokenizers/training/train-tokenizer.ts";
import type { Tokenizer } from "../../tokenizers/index.ts";
import { loadHeadedTransformer } from "../../transformers/index.ts";
import { crossEncoderLearner } from "./cross-encoder-learner.ts";
import { tokenClassifierLearner } from "./token-classifier-learner.ts";
import { trainHead } from "./train-head.ts";
import { encodingBatch } from "./token-batches.ts";

const config = {
  model_type: "bert",
  hidden_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 32,
};

function tokenizerOf(): Promise<Tokenizer> {
  const corpus = ["ada lovelace wrote of engines", "grace hopper wrote compilers", "engines and compilers run"];
  return trainTokenizer(corpus, { model: "wordpiece", vocabularySize: 90, minFrequency: 1 });
}

const pairs = [
  { text: ["engines", "ada wrote of engines"], label: 1 },
  { text: ["engines", "grace wrote compilers"], label: 0 },
  { text: ["compilers", "ada wrote of engines"], label: 1 },
  { text: ["compilers", "grace wrote compilers"], label: 0 },
] as const;

test("a cross-encoder learns scores of pairs, and its folder gives the same scores", async () => {
  const tokenizer = await tokenizerOf();
  const model = await crossEncoderLearner({ config, tokenizer, labels: ["relevant"], threads: 1 });
  const { records } = await trainHead({ model, data: pairs, batchSize: 4, epochs: 40, learningRate: 0.02 });
  const losses = records.flatMap((record) => ("loss" in record ? [record.loss] : []));
  expect(losses.at(-1)!).toBeLessThan(losses[0] / 4);
  const [first, second, third, fourth] = await model.logits(pairs);
  expect(Math.min(first, third)).toBeGreaterThan(Math.max(second, fourth));
  await withFolder(async (folder) => {
    await model.save(folder);
    const headed = await loadHeadedTransformer(folder, "text-classification", { threads: 1 });
    const encodings = tokenizer.encodeBatch(pairs.map(({ text }) => text));
    const { data } = await headed.run(encodingBatch(encodings, { padId: headed.padTokenId, most: 32 }));
    const own = await model.logits(pairs);
    expect(Math.max(...data.map((value, i) => Math.abs(value - own[i])))).toBeLessThan(1e-4);
    await headed.dispose();
    const names = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as { architectures: string[] };
    expect(names.architectures).toEqual(["BertForSequenceClassification"]);
  });
  await model.dispose();
});

const sentences = [
  { words: ["ada", "lovelace", "wrote"], tags: ["B-PER", "I-PER", "O"] },
  { words: ["grace", "hopper", "wrote", "compilers"], tags: ["B-PER", "I-PER", "O", "O"] },
  { words: ["engines", "run"], tags: ["O", "O"] },
];

test("a token classifier learns the tags of words, and its folder gives the same logits", async () => {
  const tokenizer = await tokenizerOf();
  const labels = ["O", "B-PER", "I-PER"];
  const model = await tokenClassifierLearner({ config, tokenizer, labels, threads: 1 });
  const { records } = await trainHead({ model, data: sentences, batchSize: 3, epochs: 40, learningRate: 0.02 });
  const last = records.at(-1)!;
  expect("loss" in last && last.loss).toBeLessThan(0.2);
  await withFolder(async (folder) => {
    await model.save(folder);
    const headed = await loadHeadedTransformer(folder, "token-classification", { threads: 1 });
    const encodings = sentences.map(({ words }) => tokenizer.encode(words.join(" ")));
    const { data, width } = await headed.run(encodingBatch(encodings, { padId: headed.padTokenId, most: 32 }));
    expect(width).toBe(3);
    const own = await model.logits(sentences);
    expect(Math.max(...data.map((value, i) => Math.abs(value - own[i])))).toBeLessThan(1e-4);
    await headed.dispose();
  });
  await model.dispose();
});

test("labels that no model has, scores out of range and words without tags are refused", async () => {
  const tokenizer = await tokenizerOf();
  const open = { config, tokenizer, threads: 1 };
  await expect(crossEncoderLearner(open)).rejects.toThrow("labels must name every label once");
  const scores = await crossEncoderLearner({ ...open, labels: ["relevant"] });
  await expect(scores.learn([{ text: "ada", label: 1.5 }])).rejects.toThrow("a number from 0 to 1, got 1.5");
  const classes = await crossEncoderLearner({ ...open, labels: ["yes", "no"] });
  await expect(classes.learn([{ text: "ada", label: "maybe" }])).rejects.toThrow("not among yes, no");
  const tags = await tokenClassifierLearner({ ...open, labels: ["O"] });
  await expect(tags.learn([{ words: ["ada"], tags: [] }])).rejects.toThrow("1 words and 0 tags");
  await expect(tags.learn([{ words: ["ada"], tags: ["B-ORG"] }])).rejects.toThrow("not among O");
  await expect(trainHead({ model: classes, data: [] })).rejects.toThrow("no examples");
  for (const model of [scores, classes, tags]) await model.dispose();
});
