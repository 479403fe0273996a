import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  batchOf,
  changedCheckpoint,
  checkpointFolder,
  type GoldenCheckpoint,
  readGolden,
} from "../../test/golden-checkpoint.ts";
import { realModel } from "../../test/real-models.ts";
import type { TensorToWrite } from "../formats/index.ts";
import { loadTransformer } from "./load.ts";
import type { TokenBatch } from "./transformer.ts";

const fixtures = checkpointFolder("encoders");
const json = (path: string) => JSON.parse(readFileSync(join(fixtures, path), "utf8")) as unknown;
const cases = readGolden("encoders");
/** Of real models the vectors of each row's first and last token. */
const real = json("real.json") as (GoldenCheckpoint & { first: number[]; last: number[] })[];
const changed = (name: string, change: (tensors: Record<string, TensorToWrite>) => void, config = {}) =>
  changedCheckpoint(join(fixtures, name), change, config);

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

test("types of tokens that the model does not have are refused; a model that reads none takes any", async () => {
  const tokens = { ids: Int32Array.of(0, 5, 2), attentionMask: Int32Array.of(1, 1, 1), rows: 1, columns: 3 };
  const run = async (name: string, ...types: number[]) => {
    const transformer = await loadTransformer(join(fixtures, name), { threads: 1 });
    try {
      return (await transformer.run({ ...tokens, typeIds: Int32Array.from(types) })).data.length;
    } finally {
      await transformer.dispose();
    }
  };
  await expect(run("bert-gelu", 0, 2, 0)).rejects.toThrow(
    "The model does not tell tokens of type 2 apart. Types are 0 to 1.",
  );
  await expect(run("bert-gelu", 0, -1, 0)).rejects.toThrow("tokens of type -1");
  await expect(run("roberta", 0, 0, 1)).rejects.toThrow("Its only type is 0; leave typeIds out.");
  for (const name of ["bert-gelu", "mpnet", "distilbert", "deberta-v3"]) expect(await run(name, 0, 0, 1)).toBe(3 * 32);
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
  [{ model_type: "gpt9" }, 'unknown architecture "gpt9" in model_type. Known: '],
  [{ model_type: undefined }, "no model_type, so this is no transformer"],
  [{ hidden_act: "gelu_old" }, 'unknown activation "gelu_old" in hidden_act. Known: gelu, gelu_new'],
  [
    { position_embedding_type: "relative_key" },
    'asks for position_embedding_type "relative_key"; only "absolute" is built',
  ],
  [{ is_decoder: true }, "is_decoder true"],
  [{ model_type: "mpnet", relative_attention_num_buckets: 8 }, "relative_attention_num_buckets 8; only 32"],
  [{ model_type: "deberta", pos_att_type: "c2p|p2p" }, 'asks for pos_att_type "c2p|p2p"; c2p and p2c are built'],
  [{ model_type: "deberta", talking_head: true }, "talking_head true; it is not built"],
  [{ model_type: "deberta", relative_attention: 1 }, "relative_attention must be true or false, got 1"],
  [{ model_type: "deberta-v2", attention_head_size: 4 }, "attention_head_size 4; only 8 is built"],
  [{ model_type: "deberta-v2", position_buckets: 1 }, "1 position_buckets for distances up to 24"],
  [{ model_type: "deberta-v2", position_buckets: 48 }, "48 position_buckets for distances up to 24"],
  [{ model_type: "deberta", max_position_embeddings: 1e8 }, "max_position_embeddings 100000000; up to 65536 is built"],
  [{ model_type: "deberta-v2", conv_kernel_size: 4 }, "conv_kernel_size 4; only odd ones are built"],
  [
    { model_type: "albert", embedding_size: 32, num_hidden_groups: 3 },
    "num_hidden_groups must be a whole number from 1 to 2, got 3",
  ],
  [{ model_type: "electra", embedding_size: 0 }, "embedding_size must be a whole number from 1 to"],
  [{ model_type: "distilbert" }, "config.json in (memory): dim must be a whole number"],
  [{ hidden_size: "32" }, 'hidden_size must be a whole number from 1 to 100000000, got "32"'],
  [{ num_hidden_layers: 1e9 }, "num_hidden_layers must be a whole number from 1 to 1000, got 1000000000"],
  [{ num_attention_heads: 5 }, "hidden_size 32 cannot be shared among 5 num_attention_heads"],
  [{ head_dim: 16 }, "asks for 4 heads of 16; only heads that share the hidden size 32 are built"],
  [{ layer_norm_eps: -1 }, "layer_norm_eps must be a number between 0 and 1, got -1"],
  [{ vocab_size: null }, "vocab_size must be a whole number"],
])("a config.json with %j is refused", async (config, message) => {
  await expect(loadTransformer(await changed("bert-gelu", () => undefined, config))).rejects.toThrow(message);
});
