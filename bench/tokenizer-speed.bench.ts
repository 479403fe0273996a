/**
 * Tokenising speed on one thread against Rust `tokenizers`: ids only (`encodeIds` against `encode_batch_fast`) over 30 MB of wiki text, and
 * with offsets (`encode` against `encode_batch`) over a part of it. SEMSPACE_BENCH_MB makes the text smaller.
 */
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { loadTokenizer, Tokenizer } from "../src/tokenizers/index.ts";
import { type BenchRow, clock, interleave, need, Peer, record, sharedData } from "./harness.ts";

const megabytes = Number(process.env["SEMSPACE_BENCH_MB"] ?? 30);
const offsetMegabytes = Math.min(megabytes, 5);
const kinds = [
  { name: "BERT WordPiece", model: "all-MiniLM-L6-v2", bar: 8 },
  { name: "GPT-2 byte-level BPE", model: "tokenizer-gpt2-bpe", bar: 2 },
  { name: "XLM-R Unigram", model: "multilingual-e5-small-q4", bar: 2 },
] as const;

const work = join(import.meta.dirname, "work");
mkdirSync(work, { recursive: true });
const corpus = await wikiText(megabytes);
const bytes = readFileSync(corpus);
const texts = linesOf(bytes);
const partBytes = Math.min(bytes.length, offsetMegabytes * 1e6);
const part = linesOf(bytes.subarray(0, partBytes));
const peer = new Peer("tokenizer_speed.py");
const rows: BenchRow[] = [];

for (const { name, model, bar } of kinds) {
  const folder = join(homedir(), ".cache/semspace/models", model);
  need(folder, `the model ${model} (npm run models -- ${model})`);
  const json = (await loadTokenizer(folder)).json;
  const path = join(work, `${model}.tokenizer.json`);
  writeFileSync(path, JSON.stringify(json));
  const tokenizer = new Tokenizer(json);
  let tokens = { ours: 0, peer: 0 };
  const ask = async (offsets: boolean) => {
    const answer = await peer.ask<{ seconds: number; tokens: number }>({
      tokenizer: path,
      texts: corpus,
      bytes: offsets ? partBytes : bytes.length,
      offsets,
    });
    if (!offsets) tokens.peer = answer.tokens;
    return answer.seconds;
  };
  const encodeIds = (by: Tokenizer) =>
    clock(() => (tokens.ours = by.encodeIds(texts, { addSpecialTokens: false }).ids.length));
  const ids = await interleave(
    { ours: () => encodeIds(tokenizer), first: () => encodeIds(new Tokenizer(json)), peer: () => ask(false) },
    3,
  );
  const offsets = await interleave(
    {
      ours: () => clock(() => part.forEach((text) => tokenizer.encode(text, { addSpecialTokens: false }))),
      peer: () => ask(true),
    },
    3,
  );
  if (tokens.ours !== tokens.peer) console.warn(`${name}: ${tokens.ours} ids here, ${tokens.peer} from the peer.`);
  const row = (what: string, size: number, [ours, theirs]: [number, number], least?: number): BenchRow => ({
    what: `${name}, ${what}`,
    ours: `${(size / 1e6 / ours).toFixed(1)} MB/s`,
    peer: `${(size / 1e6 / theirs).toFixed(1)} MB/s`,
    figure: `${(theirs / ours).toFixed(1)} x`,
    bar: least === undefined ? "reported" : `>= ${least} x`,
    reached: least === undefined || theirs / ours >= least,
  });
  rows.push(row("ids only", bytes.length, [ids.ours.median, ids.peer.median], bar));
  rows.push(row("ids only, a new tokenizer's first pass", bytes.length, [ids.first.median, ids.peer.median]));
  rows.push(row("with offsets", partBytes, [offsets.ours.median, offsets.peer.median]));
  tokens = { ours: 0, peer: 0 };
}
peer.close();
record(
  "tokenizer-speed",
  rows,
  `${megabytes} MB of English Wikipedia, ${texts.length} paragraphs, one thread on both sides; with offsets over the first ${offsetMegabytes} MB. The peer keeps its tokenizer and its caches between rounds; so do we, but for "a new tokenizer's first pass".`,
);

function linesOf(utf8: Uint8Array): string[] {
  return new TextDecoder().decode(utf8).split("\n");
}

/** The first `size` MB of the shared corpus, unpacked once into bench/work, cut after a line. */
async function wikiText(size: number): Promise<string> {
  const path = join(work, `wiki-${size}mb.txt`);
  if (existsSync(path)) return path;
  const packed = join(sharedData, "corpora/wiki-en-2015-part.txt.gz");
  need(packed, "the Wikipedia corpus");
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream(packed).pipe(createGunzip())) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= size * 1e6) break;
  }
  const all = Buffer.concat(chunks).subarray(0, size * 1e6);
  writeFileSync(path, all.subarray(0, all.lastIndexOf(10)));
  return path;
}
