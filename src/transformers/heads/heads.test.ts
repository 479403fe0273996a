import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSafetensors, type TensorToWrite, writeSafetensors } from "../../formats/index.ts";
import { openFolder } from "../../hub/folder.ts";
import type { TokenBatch } from "../transformer.ts";
import { loadDecoder } from "./load-decoder.ts";
import { type HeadTask, loadHeadedTransformer } from "./load-head.ts";

interface Golden {
  name: string;
  task: "fill-mask" | "token-classification" | "text-classification" | "text-generation";
  rows: number;
  columns: number;
  ids: number[];
  mask: number[];
  types: number[] | null;
  tokens: number[] | null;
  width: number;
  logits: number[];
}
const fixtures = join(import.meta.dirname, "../../../test/golden/heads");
const cases = JSON.parse(readFileSync(join(fixtures, "logits.json"), "utf8")) as Golden[];
type Source = string | Record<string, Uint8Array>;

function batchOf({ ids, mask, types, rows, columns }: Golden): TokenBatch {
  return {
    ids: Int32Array.from(ids),
    attentionMask: Int32Array.from(mask),
    typeIds: types ? Int32Array.from(types) : undefined,
    rows,
    columns,
  };
}

async function logitsOf(source: Source, golden: Golden, fuse = true): Promise<Float32Array> {
  const options = { fuse, threads: 1 };
  if (golden.task === "text-generation") {
    const decoder = await loadDecoder(source, options);
    const data = await decoder.start().next(batchOf(golden));
    await decoder.dispose();
    return data;
  }
  const model = await loadHeadedTransformer(source, golden.task, options);
  const isChosen = golden.task === "fill-mask";
  const { data, width } = await model.run(batchOf(golden), isChosen ? golden.tokens! : undefined);
  await model.dispose();
  expect(width).toBe(golden.width);
  if (isChosen || !golden.tokens) return data;
  return Float32Array.from(golden.tokens.flatMap((token) => [...data.subarray(token * width, (token + 1) * width)]));
}

/** Largest difference, as a part of the largest value. */
function difference(data: Float32Array, expected: readonly number[]): number {
  expect(data.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - data[i]))) / scale;
}

/** A fixture's files in memory, one of its tensors zeroed or left out. */
async function without(name: string, tensor: string, how: "zero" | "drop"): Promise<Record<string, Uint8Array>> {
  const folder = await openFolder(join(fixtures, name));
  const file = await openSafetensors(folder, "model.safetensors");
  const tensors: Record<string, TensorToWrite> = {};
  for (const [key, { dtype, shape }] of file.tensors) {
    const data = (await file.readBytes(key)).slice();
    if (key === tensor && how === "zero") data.fill(0);
    if (key !== tensor || how === "zero") tensors[key] = { dtype, shape, data };
  }
  return { "config.json": await folder.read("config.json"), "model.safetensors": writeSafetensors(tensors) };
}

test.each(cases)("the checkpoint $name gives the logits of transformers, fused and not", async (golden) => {
  for (const fuse of [true, false]) {
    expect(difference(await logitsOf(join(fixtures, golden.name), golden, fuse), golden.logits)).toBeLessThan(2e-5);
  }
});

test.each(cases)("every tensor of the head of $name matters: zeroed, it changes the logits", async (golden) => {
  const file = await openSafetensors(await openFolder(join(fixtures, golden.name)), "model.safetensors");
  const names = new Set(file.tensors.keys());
  const ofHead = [...names].filter((name) => isOfHead(name, names));
  if (ofHead.length === 0) expect(golden.task).toBe("text-generation");
  const unmoved: string[] = [];
  for (const tensor of ofHead) {
    const logits = await logitsOf(await without(golden.name, tensor, "zero"), golden);
    if (difference(logits, golden.logits) < 1e-3) unmoved.push(tensor);
  }
  expect(unmoved).toEqual([]);
});

/** Tensors beside the encoder. Where a file has the vocabulary's bias twice, as `decoder.bias` and `bias`, the second is not used. */
function isOfHead(name: string, all: ReadonlySet<string>): boolean {
  const base = /^(bert|roberta|mpnet|distilbert|albert|electra|deberta|model|transformer)\./;
  const isSpare = name.endsWith(".bias") && all.has(name.replace(/bias$/, "decoder.bias"));
  return (!base.test(name) || name.includes("pooler")) && !isSpare;
}

test("a checkpoint without a head says so", async () => {
  const { name } = cases.find(({ name }) => name === "bert-tokens")!;
  await expect(
    loadHeadedTransformer(await without(name, "classifier.weight", "drop"), "token-classification"),
  ).rejects.toThrow(/No tensor "bert.classifier.weight" .* A model with a head for token-classification is needed\./);
  await expect(loadHeadedTransformer(join(fixtures, name), "text-classification")).rejects.toThrow(
    'names the architecture "BertForTokenClassification", whose head is not for text-classification',
  );
  const splade: HeadTask = { pooling: "max", activation: "relu" };
  await expect(loadHeadedTransformer(join(fixtures, name), splade)).rejects.toThrow("a head for SPLADE is needed");
  await expect(loadDecoder(join(fixtures, name))).rejects.toThrow("is an encoder, which cannot continue a text");
});
