/** Every component of the vectors of whole models against Python: sentence-transformers, and onnxruntime for the folder that has only ONNX. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { loadEmbedder } from "../src/index.ts";
import { floatsOfBase64 } from "../test/base64.ts";
import { abstracts, nastyTexts, sentences } from "./encoder-texts.ts";
import { type BenchRow, Peer, record } from "./harness.ts";

const models = process.env["SEMSPACE_MODELS"] ?? join(homedir(), ".cache/semspace/models");
const bar = 1e-5;
const peers = {
  "bge-small-en-v15-onnx": ["ort_encode.py", "onnxruntime, tokenizers"],
  "all-MiniLM-L6-v2": ["st_encode.py", "sentence-transformers 6.2"],
  "all-mpnet-base-v2": ["st_encode.py", "sentence-transformers 6.2"],
} as const;
const sets = { "STS sentences": sentences(), "long abstracts": abstracts(), "nasty texts": nastyTexts() };

const rows: BenchRow[] = [];
for (const [name, [script, peerName]] of Object.entries(peers)) {
  const folder = join(models, name);
  if (!existsSync(folder)) {
    console.error(`${name} is not fetched (npm run models -- ${name}): left out.`);
    continue;
  }
  // One thread on both sides: speed is another bench's matter.
  const model = await loadEmbedder(folder, { threads: 1 });
  const peer = new Peer(script, [folder], { HF_HUB_OFFLINE: "1", OMP_NUM_THREADS: "1" });
  for (const [set, texts] of Object.entries(sets)) {
    const theirs = floatsOfBase64((await peer.ask<{ vectors: string }>({ texts, vectors: true })).vectors);
    const ours = (await model.encode(texts)).data;
    if (ours.length !== theirs.length)
      throw new Error(`${name} gives ${ours.length} values, the peer ${theirs.length}.`);
    let largest = 0;
    for (let i = 0; i < ours.length; i += 1) largest = Math.max(largest, Math.abs(ours[i] - theirs[i]));
    const what = `${name}, ${texts.length} ${set}`;
    rows.push({
      what,
      ours: "",
      peer: peerName,
      figure: `largest difference ${largest.toExponential(1)}`,
      bar: `<= ${bar}`,
      reached: largest <= bar,
    });
    console.log(what, largest);
  }
  peer.close();
  await model.dispose();
}
record("encoder-parity", rows);
