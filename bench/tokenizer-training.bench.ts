/**
 * Tokenizers learned from text against the Rust trainers: CPU time on one thread, and how much of the vocabulary is the same. SEMSPACE_BENCH_MB says
 * how much text (default 3).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { corpusLines } from "../src/formats/corpus-source.ts";
import { trainableModels, trainTokenizer } from "../src/tokenizers/index.ts";
import { type BenchRow, need, Peer, record, sharedData, timing } from "./harness.ts";

const megabytes = Number(process.env["SEMSPACE_BENCH_MB"] ?? 3);
const rounds = 3;
const size = 4000;
const packed = join(sharedData, "corpora/wiki-en-2015-part.txt.gz");
need(packed, "the Wikipedia corpus");
const lines: string[] = [];
let characters = 0;
for await (const line of corpusLines(packed)) {
  lines.push(line);
  characters += line.length;
  if (characters > megabytes * 1e6) break;
}
mkdirSync(join(import.meta.dirname, "work"), { recursive: true });
const texts = join(import.meta.dirname, "work", `tokenizer-training-${megabytes}mb.txt`);
writeFileSync(texts, lines.join("\n"));
const peer = new Peer("tokenizer_training.py");
const rows: BenchRow[] = [];

for (const model of trainableModels) {
  const seconds = { ours: [] as number[], peer: [] as number[] };
  let [tokens, merges]: [string[], unknown] = [[], []];
  let answer: { seconds: number; tokens: string[]; merges: unknown } = { seconds: 0, tokens: [], merges: [] };
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    const tokenizer = await trainTokenizer(lines, { model, vocabularySize: size });
    const { user, system } = process.cpuUsage(before);
    seconds.ours.push((user + system) / 1e6);
    tokens = Array.from({ length: size }, (_, id) => tokenizer.idToToken(id)!);
    merges = tokenizer.json.model["merges"] ?? [];
    answer = await peer.ask({ model, texts, size });
    seconds.peer.push(answer.seconds);
  }
  const [ours, theirs] = [timing(seconds.ours).median, timing(seconds.peer).median];
  rows.push({
    what: `${model}: CPU time`,
    ours: `${ours.toFixed(1)} s`,
    peer: `${theirs.toFixed(1)} s`,
    figure: `${(theirs / ours).toFixed(1)} x`,
    bar: "reported",
    reached: true,
  });
  const known = new Set(answer.tokens);
  const common = tokens.filter((token) => known.has(token)).length;
  const isExact = model === "byte-level-bpe" || model === "bpe";
  const isSame = JSON.stringify([tokens, merges]) === JSON.stringify([answer.tokens, answer.merges]);
  rows.push({
    what: `${model}: ${isExact ? "tokens, ids and merges" : "tokens in common"}`,
    ours: isExact ? (isSame ? "equal" : "different") : `${common}`,
    peer: `${answer.tokens.length}`,
    figure: `${((100 * common) / size).toFixed(1)} % of the tokens`,
    bar: isExact ? "equal" : "all, but for ties",
    reached: isExact ? isSame : common === size,
  });
}
peer.close();
record(
  "tokenizer-training",
  rows,
  `${megabytes} MB of English Wikipedia, ${size} tokens; CPU time of one thread, garbage collection included. WordPiece's ties depend on a random order in Rust.`,
);
