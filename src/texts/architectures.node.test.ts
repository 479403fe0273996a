/** sentence-transformers folders of every architecture, with random weights (test/golden/embedders.py). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { floatsOfBase64 } from "../../test/base64.ts";
import golden from "../../test/golden/embedders.json" with { type: "json" };
import { checkpointFolder, difference } from "../../test/golden-checkpoint.ts";
import { describeModel, loadEmbedder } from "./load-embedder.ts";

const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

function folderOf({ name, kind, family, pooling, width }: (typeof golden.cases)[number]): Record<string, Uint8Array> {
  const checkpoint = (file: string) => new Uint8Array(readFileSync(join(checkpointFolder(family, name), file)));
  const tokenizer = golden.tokenizers[kind as keyof typeof golden.tokenizers];
  return {
    "config.json": checkpoint("config.json"),
    "model.safetensors": checkpoint("model.safetensors"),
    "tokenizer.json": bytes(tokenizer["tokenizer.json"]),
    "tokenizer_config.json": bytes(tokenizer["tokenizer_config.json"]),
    "modules.json": bytes([
      { idx: 0, name: "0", path: "", type: "sentence_transformers.models.Transformer" },
      { idx: 1, name: "1", path: "1_Pooling", type: "sentence_transformers.models.Pooling" },
    ]),
    "1_Pooling/config.json": bytes({ embedding_dimension: width, pooling_mode: pooling }),
  };
}

test.each(golden.cases)(
  "a folder with $name gives Python's vectors, of texts too long for it as well",
  async (model) => {
    const folder = folderOf(model);
    // T5 has no limit in Python; here it is the length of its training.
    expect((await describeModel(folder)).maxLength).toBe(Math.min(model.maxLength, 512));
    const embedder = await loadEmbedder(folder);
    const vectors = await embedder.encode(golden.texts);
    expect(difference(vectors.data, floatsOfBase64(model.vectors))).toBeLessThan(1e-5);
    await embedder.dispose();
  },
);
