/**
 * Static models against model2vec 0.10 and sentence-transformers 6.2: the largest difference of a component over STS sentences,
 * long abstracts and nasty texts. The shipped model in both readers, it stored as float32, and static-10k-64d (mapping, int8).
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFolder } from "../src/hub/folder.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { loadStaticModel, readStaticParts, saveStaticModel } from "../src/texts/static/index.ts";
import { realModel } from "../test/real-models.ts";
import { abstracts, nastyTexts, sentences } from "./encoder-texts.ts";
import { type BenchRow, Peer, record } from "./harness.ts";

const BAR = 1e-5;
const work = join(import.meta.dirname, "work");
const [textsFile, output] = [join(work, "static-parity.json"), join(work, "static-parity.f32")];
mkdirSync(work, { recursive: true });
const texts = [...sentences(), ...abstracts(), ...nastyTexts(), `long ${"word ".repeat(4000)} end`];
writeFileSync(textsFile, JSON.stringify(texts));
const peer = new Peer("static_parity.py", [], { HF_HUB_OFFLINE: "1" });

const shipped = join(import.meta.dirname, "../models/default");
const float32 = join(work, "static-parity-float32");
const parts = await readStaticParts(await openFolder(shipped), "model2vec");
const rows32 = Float32Array.from(parts.rows, (value, i) => value * parts.weightOf![Math.floor(i / parts.dimensions)]);
await saveStaticModel(
  { ...parts, rows: rows32, weightOf: undefined, config: { ...parts.config, max_length: 512 } },
  float32,
);

const rows: BenchRow[] = [];
await compare("the shipped model (int8 rows, scales)", shipped, "model2vec");
await compare("the shipped model (int8 rows, scales)", shipped, "sentence-transformers");
await compare("the same as float32, cut at 512 tokens, written by saveStaticModel", float32, "model2vec");
const small = realModel("static-10k-64d");
if (small) await compare("static-10k-64d (mapping, weights, int8; Unigram)", small, "model2vec");
record(
  "static-parity",
  rows,
  `${texts.length} texts: 3,000 STS sentences, 400 abstracts, nasty texts up to 100,000 characters.`,
);
peer.close();

async function compare(what: string, folder: string, reader: "model2vec" | "sentence-transformers"): Promise<void> {
  await peer.ask({ folder, reader, texts: textsFile, output });
  const bytes = readFileSync(output);
  const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const embedder = await loadEmbedder(folder);
  const { data } = await embedder.encode(texts);
  await embedder.dispose();
  // The kernels' plain TypeScript twin must agree to the bit.
  const reference = await loadStaticModel(folder, { kernels: "reference" });
  const plain = reference.encodeTexts(texts.slice(0, 500)).data;
  const sameBits = plain.every((value, i) => value === data[i]);
  const worst = data.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - theirs[i])),
    data.length === theirs.length ? 0 : Infinity,
  );
  rows.push({
    what,
    ours: sameBits ? "WASM = TypeScript" : "WASM and TypeScript differ",
    peer: reader,
    figure: `largest difference ${worst.toExponential(1)}`,
    bar: `<= ${BAR.toExponential(0)}`,
    reached: worst <= BAR && sameBits,
  });
}
