/**
 * A space that forms: a small BERT (4 layers x 256, 8,000 tokens) learns from random vectors on 17 M words of Wikipedia by guessing hidden tokens.
 * It can be stopped at any time; the same command goes on, and with more steps further. Needs ../shared/data (SEMSPACE_SHARED_DATA) and onnxruntime-node.
 *
 *   npx tsx --conditions=semspace-source recipes/masked-language-model.ts [--steps 12000] [--threads 2]
 *
 * Into recipes/masked-language-model: log.jsonl (the loss of every step), space.jsonl (where words lie, every 100 steps) and space.svg (both drawn).
 * The state and the model lie in bench/work/masked-language-model. Of the committed log the first 1,000 steps had a rate that fell linearly from 1e-3 (to 0.7e-3).
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { need, sharedData } from "../bench/harness.ts";
import { corpusLines } from "../src/formats/corpus-source.ts";
import { loadTokenizer, type Tokenizer } from "../src/tokenizers/index.ts";
import { trainTokenizer } from "../src/tokenizers/training/train-tokenizer.ts";
import { languageModel } from "../src/training/transformer/language-model.ts";
import { trainLanguageModel } from "../src/training/transformer/train-language-model.ts";
import { config } from "./masked-language-model/config.ts";
import { picture } from "./masked-language-model/picture.ts";
import { measureSpace, type SpaceRecord } from "./masked-language-model/word-space.ts";

const { values } = parseArgs({
  options: { steps: { type: "string", default: "12000" }, threads: { type: "string", default: "2" } },
});
const results = join(import.meta.dirname, "masked-language-model");
const work = join(import.meta.dirname, "../bench/work/masked-language-model");
const corpus = join(sharedData, "corpora/wiki-17m.txt.gz");
need(corpus, "the 17 M words of Wikipedia");
mkdirSync(work, { recursive: true });

const tokenizer = await tokenizerOfCorpus();
const model = await languageModel({ config, tokenizer, seed: 1, threads: Number(values.threads) });
const triples = readFileSync(join(sharedData, "word-similarity/triples.tsv"), "utf8")
  .trim()
  .split("\n")
  .map((line) => line.split("\t") as [string, string, string]);

/** Ctrl-C keeps the state after the present step. */
const stop = new AbortController();
process.once("SIGINT", () => stop.abort(new Error("Stopped; the same command goes on.")));

/** 30 % hidden learn more a step than 15 % when a training is short (Wettig et al. 2022, https://arxiv.org/abs/2202.08005). */
await trainLanguageModel({
  model,
  corpus: linesOfWords(corpus),
  ...{ maskShare: 0.3, batchSize: 16, columns: 64, maxSteps: Number(values.steps), epochs: 1, seed: 1 },
  // A rate that stays: the same command with more steps goes on.
  ...{ learningRate: 1e-3, warmup: 200, schedule: "constant", weightDecay: 0.01 },
  signal: stop.signal,
  checkpoint: work,
  checkpointEvery: 200,
  log: join(results, "log.jsonl"),
  evaluateEvery: 100,
  evaluate({ step }) {
    const record = { step, ...measureSpace(tokenizer, model.tokenVectors, triples) };
    appendFileSync(join(results, "space.jsonl"), `${JSON.stringify(record)}\n`);
    draw();
    return record.right;
  },
  onProgress({ step, steps, loss, secondsLeft }) {
    if (step % 20 === 0)
      console.error(`step ${step} of ${steps}, loss ${loss.toFixed(3)}, ${Math.round(secondsLeft / 60)} minutes left`);
  },
});
await model.save(join(work, "model"));
draw();
await model.dispose();

async function tokenizerOfCorpus(): Promise<Tokenizer> {
  const folder = join(work, "tokenizer");
  if (existsSync(join(folder, "tokenizer.json"))) return loadTokenizer(folder);
  const made = await trainTokenizer(linesOfWords(corpus), { model: "wordpiece", vocabularySize: 8000 });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(made.json));
  return made;
}

/** The corpus is one line; these have 1,000 words. */
async function* linesOfWords(path: string): AsyncGenerator<string> {
  for await (const line of corpusLines(path)) {
    let words: string[] = [];
    for (const [word] of line.matchAll(/\S+/g)) {
      if (words.push(word) < 1000) continue;
      yield words.join(" ");
      words = [];
    }
    if (words.length > 0) yield words.join(" ");
  }
}

function draw(): void {
  // A step that was measured before a kill is measured again; the last one counts.
  const space = new Map(linesOf<SpaceRecord>("space.jsonl").map((record) => [record.step, record]));
  const losses = linesOf<{ step: number; loss?: number }>("log.jsonl");
  writeFileSync(join(results, "space.svg"), picture(losses, [...space.values()]));
}

function linesOf<Line>(name: string): Line[] {
  const path = join(results, name);
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}
