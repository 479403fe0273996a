/**
 * A masked language model of 4 layers x 256 with 8,000 tokens from random vectors, against torch on the same batches from the same random weights: the first 200 losses,
 * CPU time of a step on one thread (in turns of 20 steps), and what the recipe's run has learnt so far (recipes/masked-language-model).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { config } from "../recipes/masked-language-model/config.ts";
import { randomNumbers } from "../src/matrix/random-numbers.ts";
import { loadTokenizer } from "../src/tokenizers/index.ts";
import { trainTokenizer } from "../src/tokenizers/training/train-tokenizer.ts";
import { learningRates } from "../src/training/schedules/learning-rate.ts";
import { languageModel } from "../src/training/transformer/language-model.ts";
import { languageModelRows } from "../src/training/transformer/language-model-rows.ts";
import { trainLanguageModel } from "../src/training/transformer/train-language-model.ts";
import { type BenchRow, Peer, record, timing } from "./harness.ts";
import { wikiCorpus } from "./word-corpus.ts";

const steps = 200;
const turn = 20;
const settings = { batchSize: 4, columns: 64, maskShare: 0.15, seed: 1, maxSteps: steps, epochs: 1 };
const learning = { learningRate: 1e-3, warmup: 20, schedule: "linear" as const, weightDecay: 0.01 };

interface Answer {
  losses: number[];
  cpu: number;
}

const work = join(import.meta.dirname, "work/masked-language-model-bench");
mkdirSync(work, { recursive: true });
const corpus = wikiCorpus(300_000);
const made = join(import.meta.dirname, "work/masked-language-model/tokenizer");
const tokenizer = existsSync(made)
  ? await loadTokenizer(made)
  : await trainTokenizer(corpus, { model: "wordpiece", vocabularySize: 8000 });
const model = await languageModel({ config, tokenizer, seed: 1, threads: 1 });
await model.save(work);
const batchFile = join(work, "batches.json");
await writeBatches();
const peer = new Peer("train_language_model.py", [work, batchFile], { OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1" });
const theirs: number[] = [];
const cpu = { ours: [] as number[], theirs: [] as number[] };
let used = process.cpuUsage();
const { records } = await trainLanguageModel({
  ...{ model, corpus, ...settings, ...learning },
  evaluateEvery: turn,
  async evaluate({ step }) {
    if (step > 0) {
      const { user, system } = process.cpuUsage(used);
      cpu.ours.push((user + system) / 1e6 / turn);
      const answer = await peer.ask<Answer>({ steps: turn });
      theirs.push(...answer.losses);
      cpu.theirs.push(answer.cpu / turn);
    }
    used = process.cpuUsage();
    return 0;
  },
});
peer.close();
await model.dispose();
const ours = records.flatMap((one) => ("loss" in one ? [one.loss] : []));
const worst = Math.max(...theirs.map((loss, i) => Math.abs(ours[i] - loss) / loss));
const [a, b] = [timing(cpu.ours), timing(cpu.theirs)];
const rows: BenchRow[] = [
  {
    what: `4 layers x 256, ${tokenizer.vocabularySize} tokens: the first ${steps} losses on the same batches, largest relative difference`,
    ours: ours.at(-1)!.toFixed(5),
    peer: theirs.at(-1)!.toFixed(5),
    figure: worst.toExponential(1),
    bar: "<= 1e-3",
    reached: worst <= 1e-3,
  },
  {
    what: "a step of 4 x 64 tokens, one thread, CPU seconds",
    ours: `${a.median.toFixed(3)} s`,
    peer: `${b.median.toFixed(3)} s`,
    figure: `${(a.median / b.median).toFixed(2)} times torch's (spread ${(100 * Math.max(a.spread, b.spread)).toFixed(0)} %)`,
    bar: "<= 1.3 times",
    reached: a.median <= 1.3 * b.median,
  },
  ...learntSoFar(),
];
record("masked-language-model", rows, "torch computes logits at the places that are asked for, as ours.");

/** The batches of the training, for the other side. */
async function writeBatches(): Promise<void> {
  const all = await languageModelRows(model, corpus, settings);
  const rate = learningRates({ ...learning, steps });
  const batches = Array.from({ length: steps }, (_, step) => {
    const batch = all.batch(0, step, randomNumbers(settings.seed ^ Math.imul(step + 1, 0x9e3779b1)));
    const { ids, positions, labels, ...sizes } = batch;
    return { ids: [...ids], positions: [...positions], labels: [...labels], ...sizes };
  });
  const rates = batches.map((_, step) => rate(step));
  writeFileSync(batchFile, JSON.stringify({ batches, rates, decay: learning.weightDecay }));
}

/** The last line of the recipe's measurements, if it was run. */
function learntSoFar(): BenchRow[] {
  const path = join(import.meta.dirname, "../recipes/masked-language-model/space.jsonl");
  if (!existsSync(path)) return [];
  const last = JSON.parse(readFileSync(path, "utf8").trim().split("\n").at(-1)!) as { step: number; right: number };
  return [
    {
      what: `recipes/masked-language-model.ts after ${last.step} steps of 1,024 tokens: triples right`,
      ours: `${(100 * last.right).toFixed(0)} %`,
      peer: "",
      figure: `${(100 * last.right).toFixed(0)} %`,
      bar: ">= 85 %",
      reached: last.right >= 0.85,
    },
  ];
}
