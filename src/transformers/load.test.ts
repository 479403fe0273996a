import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realModel } from "../../test/real-models.ts";
import { openSafetensors, type TensorToWrite, writeSafetensors } from "../formats/index.ts";
import { openFolder } from "../hub/folder.ts";
import { loadTransformer } from "./load.ts";
import type { TokenBatch } from "./transformer.ts";

interface Golden {
  name: string;
  ids: number[];
  mask: number[];
  types: number[] | null;
  rows: number;
  columns: number;
}

const fixtures = join(import.meta.dirname, "../../test/golden/encoders");
const json = (path: string) => JSON.parse(readFileSync(join(fixtures, path), "utf8")) as unknown;
const cases = json("expected.json") as (Golden & { hidden: number[] })[];
const real = json("real.json") as (Golden & { first: number[]; last: number[] })[];

function batchOf({ ids, mask, types, rows, columns }: Golden): TokenBatch {
  return {
    ids: Int32Array.from(ids),
    attentionMask: Int32Array.from(mask),
    typeIds: types ? Int32Array.from(types) : undefined,
    rows,
    columns,
  };
}

/** Largest difference to `expected`, which holds the vectors of the tokens for which `at` gives positions. */
function difference(data: Float32Array, expected: number[], at: number[]): number {
  const dimensions = expected.length / at.length;
  return Math.max(
    ...expected.map((value, i) =>
      Math.abs(value - data[at[Math.floor(i / dimensions)] * dimensions + (i % dimensions)]),
    ),
  );
}

const tokens = (mask: number[]) => mask.flatMap((value, i) => (value ? [i] : []));

/** A fixture's files in memory, its tensors changed. */
async function changed(
  name: string,
  change: (tensors: Record<string, TensorToWrite>) => void,
  config: Record<string, unknown> = {},
): Promise<Record<string, Uint8Array>> {
  const folder = await openFolder(join(fixtures, name));
  const file = await openSafetensors(folder, "model.safetensors");
  const tensors: Record<string, TensorToWrite> = {};
  for (const [tensor, { dtype, shape }] of file.tensors)
    tensors[tensor] = { dtype, shape, data: await file.readBytes(tensor) };
  change(tensors);
  const parsed = { ...(json(`${name}/config.json`) as Record<string, unknown>), ...config };
  return {
    "config.json": new TextEncoder().encode(JSON.stringify(parsed)),
    "model.safetensors": writeSafetensors(tensors),
  };
}

test.each(cases)("the checkpoint $name gives the hidden states of transformers, fused and not", async (golden) => {
  for (const fuse of [true, false]) {
    const transformer = await loadTransformer(join(fixtures, golden.name), { fuse, threads: 1 });
    const { data, dimensions } = await transformer.run(batchOf(golden));
    expect(dimensions).toBe(32);
    expect(difference(data, golden.hidden, tokens(golden.mask))).toBeLessThan(5e-6);
    await transformer.dispose();
  }
});

for (const golden of real) {
  const folder = realModel(golden.name);
  test.skipIf(!folder)(`the real model ${golden.name} gives the hidden states of transformers`, async () => {
    const transformer = await loadTransformer(folder!);
    const { data } = await transformer.run(batchOf(golden));
    const { rows, columns, mask } = golden;
    const starts = Array.from({ length: rows }, (_, row) => row * columns);
    const ends = starts.map((start) => start + tokens(mask.slice(start, start + columns)).length - 1);
    expect(difference(data, golden.first, starts)).toBeLessThan(1e-5);
    expect(difference(data, golden.last, ends)).toBeLessThan(1e-5);
    await transformer.dispose();
  });
}

test("pooling in the graph is the mean of a row's tokens, or its first", async () => {
  for (const golden of cases.slice(0, 1)) {
    const transformer = await loadTransformer(join(fixtures, golden.name));
    const { data } = await transformer.run(batchOf(golden));
    const mean = await transformer.pool(batchOf(golden), "mean");
    const cls = await transformer.pool(batchOf(golden), "cls");
    for (let row = 0; row < golden.rows; row++) {
      const start = row * golden.columns;
      const members = tokens(golden.mask.slice(start, start + golden.columns)).map((i) => i + start);
      for (let d = 0; d < 32; d++) {
        const sum = members.reduce((total, i) => total + data[i * 32 + d], 0);
        expect(mean.data[row * 32 + d]).toBeCloseTo(sum / members.length, 5);
        expect(cls.data[row * 32 + d]).toBe(data[start * 32 + d]);
      }
    }
    await transformer.dispose();
  }
});

test.each(["bert-gelu", "mpnet"])(
  "every kind of tensor of %s matters: zeroed, it changes the vectors",
  async (name) => {
    const golden = cases.find((one) => one.name === name)!;
    const run = async (files: Record<string, Uint8Array>) => {
      const transformer = await loadTransformer(files, { threads: 1 });
      const { data } = await transformer.run(batchOf(golden));
      await transformer.dispose();
      return data;
    };
    const names: string[] = [];
    await changed(name, (tensors) => names.push(...Object.keys(tensors)));
    const kinds = names.filter((tensor) => !tensor.includes("layer.1."));
    expect(kinds.length).toBeGreaterThan(19);
    const unmoved: string[] = [];
    for (const kind of kinds) {
      const data = await run(await changed(name, (tensors) => (tensors[kind].data as Uint8Array).fill(0)));
      if (difference(data, golden.hidden, tokens(golden.mask)) < 1e-3) unmoved.push(kind);
    }
    // A key's bias adds the same to all scores of a query; softmax does not see it.
    expect(unmoved.filter((kind) => !/(key|attn\.k)\.bias$/.test(kind))).toEqual([]);
  },
);

test("without type ids, all tokens have the type of a first text", async () => {
  const golden = cases[0];
  const transformer = await loadTransformer(join(fixtures, golden.name));
  const batch = batchOf(golden);
  const without = await transformer.run({ ...batch, typeIds: undefined });
  const zeros = await transformer.run({ ...batch, typeIds: new Int32Array(batch.ids.length) });
  expect(without.data).toEqual(zeros.data);
  await transformer.dispose();
});

test("tokens that do not fit the model are refused before it runs", async () => {
  const transformer = await loadTransformer(join(fixtures, "mpnet"));
  expect(transformer).toMatchObject({
    dimensions: 32,
    vocabularySize: 20,
    maxPositions: 22,
    poolings: ["mean", "cls"],
  });
  const row = (ids: number[]): TokenBatch => {
    const values = Int32Array.from(ids);
    return { ids: values, attentionMask: values.map(() => 1), rows: 1, columns: ids.length };
  };
  await expect(transformer.run(row([0, 20]))).rejects.toThrow(
    "Token id 20 is not in the embedding table, which has 20 rows. The tokenizer does not fit the model.",
  );
  await expect(transformer.run(row([-1]))).rejects.toThrow("Token id -1");
  await expect(transformer.run(row(Array<number>(23).fill(5)))).rejects.toThrow(
    "A text has 23 tokens, the model has positions for 22.",
  );
  await expect(transformer.run({ ...row([1, 2]), rows: 2 })).rejects.toThrow("A batch of 2 x 2 needs 4 ids, got 2.");
  expect(await transformer.run(row(Array<number>(22).fill(5)))).toMatchObject({ rows: 1, columns: 22 });
  expect(await transformer.run({ ...row([]), rows: 0, columns: 0 })).toMatchObject({
    rows: 0,
    data: new Float32Array(),
  });
  await transformer.dispose();
  await transformer.dispose();
  await expect(transformer.run(row([1]))).rejects.toMatchObject({ code: "disposed" });
});

test("a tensor that is missing or has another shape is named, with both shapes", async () => {
  const missing = await changed("bert-gelu", (tensors) => delete tensors["encoder.layer.1.output.dense.bias"]);
  await expect(loadTransformer(missing)).rejects.toThrow(
    'No tensor "encoder.layer.1.output.dense.bias" in model.safetensors in (memory).',
  );
  const nothing = await changed("bert-gelu", (tensors) => delete tensors["embeddings.word_embeddings.weight"]);
  await expect(loadTransformer(nothing)).rejects.toThrow('No tensor "embeddings.word_embeddings.weight"');
  const wrong = await changed("bert-gelu", () => undefined, { intermediate_size: 48 });
  await expect(loadTransformer(wrong)).rejects.toThrow(
    'Tensor "encoder.layer.0.intermediate.dense.weight" in model.safetensors in (memory) has shape [40, 32], config.json asks for [48, 32].',
  );
  const whole = await changed("bert-gelu", (tensors) => {
    tensors["embeddings.LayerNorm.weight"] = { dtype: "I32", shape: [32], data: new Int32Array(32) };
  });
  await expect(loadTransformer(whole)).rejects.toThrow(
    'Tensor "embeddings.LayerNorm.weight" in model.safetensors in (memory) is I32.',
  );
});

test.each([
  [{ model_type: "gpt9" }, 'unknown architecture "gpt9" in model_type. Known: bert, mpnet'],
  [{ model_type: undefined }, "unknown architecture undefined"],
  [{ hidden_act: "gelu_old" }, 'unknown activation "gelu_old" in hidden_act. Known: gelu, gelu_new'],
  [
    { position_embedding_type: "relative_key" },
    'asks for position_embedding_type "relative_key"; only "absolute" is built',
  ],
  [{ is_decoder: true }, "is_decoder true"],
  [{ model_type: "mpnet", relative_attention_num_buckets: 8 }, "relative_attention_num_buckets 8; only 32"],
  [{ hidden_size: "32" }, 'hidden_size must be a whole number from 1 to 100000000, got "32"'],
  [{ num_hidden_layers: 1e9 }, "num_hidden_layers must be a whole number from 1 to 1000, got 1000000000"],
  [{ num_attention_heads: 5 }, "hidden_size 32 cannot be shared among 5 num_attention_heads"],
  [{ layer_norm_eps: -1 }, "layer_norm_eps must be a number between 0 and 1, got -1"],
  [{ vocab_size: null }, "vocab_size must be a whole number"],
])("a config.json with %j is refused", async (config, message) => {
  await expect(loadTransformer(await changed("bert-gelu", () => undefined, config))).rejects.toThrow(message);
});
