import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import golden from "../../test/golden/tokenizer_files.json" with { type: "json" };
import { realModel } from "../../test/real-models.ts";
import { loadTokenizer, type Tokenizer } from "../tokenizers/index.ts";
import { loadTransformer } from "./load.ts";
import { type TokenizerSide, tokenizerMismatch } from "./tokenizer-mismatch.ts";

const encoder = new TextEncoder();
const published = join(import.meta.dirname, "../../test/golden/published");

/** The tokenizer of a folder with the files of one of the fixture's cases. */
async function tokenizerOf(name: string): Promise<Tokenizer> {
  const { files, json } = golden.cases.find((one) => one.name === name)! as { files: object; json: object };
  const bytes = Object.entries(files as Record<string, string>).map(([path, content]) => [
    path,
    path.endsWith(".model") ? Uint8Array.from(atob(content), (one) => one.charCodeAt(0)) : encoder.encode(content),
  ]);
  const jsons = Object.entries(json).map(([path, value]) => [path, encoder.encode(JSON.stringify(value))]);
  return loadTokenizer(Object.fromEntries([...bytes, ...jsons]) as Record<string, Uint8Array>);
}

const model = (json: Record<string, unknown>, vocabularySize: number): TokenizerSide => ({
  config: { json, source: "config.json" },
  vocabularySize,
});

describe("a tokenizer of another model is told by", () => {
  test("the kinds of model that the folders name", async () => {
    const tokenizer = await tokenizerOf("DeBERTa v1 as published");
    expect(tokenizer.modelType).toBe("deberta");
    expect(tokenizerMismatch(tokenizer, model({ model_type: "deberta-v2" }, 400))).toBe(
      "The tokenizer does not seem to belong to the model: it is a deberta model's, the model is deberta-v2. The vectors mean little then. Use the tokenizer that the model was trained with.",
    );
  });

  test("its size", async () => {
    const tokenizer = await tokenizerOf("BERT as published");
    expect(tokenizerMismatch(tokenizer, model({ model_type: "bert" }, 128_100))).toContain(
      "it has 200 tokens, the model's table has 128,100 rows",
    );
    expect(tokenizerMismatch(tokenizer, model({}, 150))).toContain("it has 200 tokens, the model's table has 150 rows");
  });

  test("the ids of special tokens", async () => {
    const tokenizer = await tokenizerOf("BERT as published");
    expect(tokenizerMismatch(tokenizer, model({ pad_token_id: 1 }, 200))).toContain(
      'config.json has pad_token_id 1, which is "[UNK]", but [PAD] is 0',
    );
  });
});

test("nothing is said of kinds that share a tokenizer, of tables with spare rows and of ids that no token is known for", async () => {
  const bert = await tokenizerOf("BERT as published");
  expect(tokenizerMismatch(bert, model({ model_type: "distilbert", pad_token_id: 0, bos_token_id: 7 }, 256))).toBe(
    undefined,
  );
  const t5 = await tokenizerOf("T5 as published");
  expect(tokenizerMismatch(t5, model({ model_type: "t5", pad_token_id: 0, eos_token_id: 1 }, 384))).toBe(undefined);
  expect(tokenizerMismatch(bert, {})).toBe(undefined);
});

test.each([
  "all-MiniLM-L6-v2",
  "all-mpnet-base-v2",
  "bert-tiny-splade",
  "bge-small-en-v15-onnx",
  "bge-small-zh-v15-onnx",
  "rampart-ner",
])("nothing is said of the real model %s with its own tokenizer", async (name) => {
  const folder = realModel(name);
  if (folder === undefined) return;
  const json = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  expect(tokenizerMismatch(await loadTokenizer(folder), model(json, Number(json["vocab_size"])))).toBe(undefined);
});

test("a transformer takes what a tokenizer made, pads it, and warns once of a tokenizer that is not its own", async () => {
  const warnings: string[] = [];
  const transformer = await loadTransformer(join(published, "bert-safetensors"), {
    threads: 1,
    onWarning: (message) => warnings.push(message),
  });
  const words = { "[PAD]": 0, "[UNK]": 1, a: 2, b: 3 };
  const json = {
    model: { type: "WordLevel", vocab: words, unk_token: "[UNK]" },
    pre_tokenizer: { type: "Whitespace" },
  };
  const folder = (type: string) => ({
    "tokenizer.json": encoder.encode(JSON.stringify(json)),
    "config.json": encoder.encode(JSON.stringify({ model_type: type })),
  });
  const own = await loadTokenizer(folder("bert"));
  const { rows, columns, dimensions } = await transformer.run(own.encode("a b"));
  expect([rows, columns, dimensions]).toEqual([1, 2, 32]);
  expect(warnings).toEqual([]);
  const other = await loadTokenizer(folder("roberta"));
  const batch = await transformer.run(other.encodeBatch(["a b a", "a"]));
  expect([batch.rows, batch.columns]).toEqual([2, 3]);
  await transformer.run(other.encode("a", { padding: { length: 4 } }));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("it is a roberta model's, the model is bert");
  await transformer.dispose();
});
