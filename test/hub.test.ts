/** Models by name, through every room that opens them: what is fetched is what is used. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadTokenizer } from "../src/tokenizers/index.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { loadTransformer } from "../src/transformers/index.ts";
import { type HubServer, startHub } from "./hub-server.ts";

const published = (name: string, file: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, "golden/published", name, file)));
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const words = Object.fromEntries(["[PAD]", "[UNK]", ..."abcdefghijklmnopqr"].map((token, id) => [token, id]));
const files = {
  ".gitattributes": json(""),
  "README.md": json("# A model"),
  "config.json": published("bert-zip", "config.json"),
  "model.safetensors": published("bert-safetensors", "model.safetensors"),
  "onnx/model.onnx": new Uint8Array(100),
  "pytorch_model.bin": published("bert-zip", "pytorch_model.bin"),
  "tokenizer.json": json({
    model: { type: "WordLevel", vocab: words, unk_token: "[UNK]" },
    pre_tokenizer: { type: "Whitespace" },
  }),
};
const variables = ["HF_ENDPOINT", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "SEMSPACE_CACHE"];
const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
let hub: HubServer;
let work = "";

beforeEach(async () => {
  hub = await startHub({ id: "someone/bert", files });
  work = mkdtempSync(join(tmpdir(), "semspace-named-"));
  Object.assign(process.env, {
    HF_ENDPOINT: hub.endpoint,
    HF_HUB_CACHE: join(work, "hub"),
    SEMSPACE_CACHE: join(work, "semspace"),
  });
  delete process.env["HF_HUB_OFFLINE"];
});

afterEach(async () => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await hub.close();
  rmSync(work, { recursive: true, force: true });
});

const fetched = () => hub.requests.flatMap((request) => /resolve\/\w+\/(\S+)/.exec(request)?.[1] ?? []).toSorted();

test("an embedder by its name fetches only what it reads, and opens offline from then on with the same vectors", async () => {
  const embedder = await loadEmbedder("someone/bert", { threads: 1 });
  expect(embedder.name).toBe("someone/bert");
  const vector = await embedder.encode("a b c");
  await embedder.dispose();
  expect(fetched()).toEqual(["config.json", "model.safetensors", "tokenizer.json"]);
  process.env["HF_HUB_OFFLINE"] = "1";
  const offline = await loadEmbedder("someone/bert", { threads: 1 });
  expect(await offline.encode("a b c")).toEqual(vector);
  await offline.dispose();
  const [graph] = readdirSync(join(work, "semspace/graphs"));
  const linked = statSync(join(work, "semspace/graphs", graph, "weights"));
  const blobs = join(work, "hub/models--someone--bert/blobs");
  expect(readdirSync(blobs).map((blob) => statSync(join(blobs, blob)).ino)).toContain(linked.ino);
});

test("a tokenizer by its name fetches no weights, a transformer no tokenizer", async () => {
  expect((await loadTokenizer("someone/bert")).encode("a b").ids).toEqual([words["a"], words["b"]]);
  expect(fetched()).toEqual(["config.json", "tokenizer.json"]);
  const transformer = await loadTransformer("someone/bert", { threads: 1 });
  await transformer.dispose();
  expect(fetched()).toEqual(["config.json", "model.safetensors", "tokenizer.json"]);
});
