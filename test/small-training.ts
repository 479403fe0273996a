/** A small training of a static table for tests, with all that a trainer draws; run as a program it kills itself at a step: FOLDER STEP. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { multipleNegativesRanking } from "../src/training/losses/multiple-negatives-ranking.ts";
import { matryoshka } from "../src/training/losses/matryoshka.ts";
import {
  type Dataset,
  datasetOf,
  staticLearner,
  train,
  type StaticLearner,
  type TrainOptions,
} from "../src/training/index.ts";

const subjects = ["cat", "dog", "ship", "train", "river", "cloud", "piano", "poem"];
const verbs = ["sleeps", "runs", "waits", "shines", "falls", "sings"];
const tails = ["today", "again", "alone", "slowly"];

/** A tokenizer of these words. */
export function wordTokenizer(
  words: readonly string[] = [...subjects, ...verbs, ...tails],
): Record<string, Uint8Array> {
  const vocab = Object.fromEntries(["[UNK]", ...words].map((word, id) => [word, id]));
  const file = {
    ...{ version: "1.0", truncation: null, padding: null, added_tokens: [] },
    ...{ normalizer: { type: "Lowercase" }, pre_tokenizer: { type: "Whitespace" } },
    ...{ post_processor: null, decoder: null, model: { type: "WordLevel", vocab, unk_token: "[UNK]" } },
  };
  return { "tokenizer.json": new TextEncoder().encode(JSON.stringify(file)) };
}

export const pairs: Dataset = datasetOf(
  {
    anchor: subjects.flatMap((subject) => verbs.map((verb) => `${subject} ${verb}`)),
    positive: subjects.flatMap((subject) => verbs.map((_, i) => `${subject} ${tails[i % 4]}`)),
  },
  { name: "pairs" },
);
const scored = datasetOf({ anchor: ["cat", "dog", "ship"], positive: ["dog", "cat", "poem"] }, { name: "more" });

export function smallLearner(): Promise<StaticLearner> {
  return staticLearner({ tokenizer: wordTokenizer(), dimensions: 16, seed: 3 }, { threads: 1 });
}

/** 4 epochs of 8 steps over two sets, an evaluation every fifth step. */
export function smallTraining(learner: StaticLearner): TrainOptions {
  const loss = multipleNegativesRanking({ threads: 1 });
  return {
    ...{ learner, epochs: 4, batchSize: 8, learningRate: 0.05, seed: 11, clip: 1, weightDecay: 0.01 },
    data: [
      { data: pairs, loss: matryoshka(loss, { dimensions: [16, 8] }), sampler: "no-duplicates" },
      { data: scored, loss, batchSize: 2 },
    ],
    evaluateEvery: 5,
    evaluate: async (embedder) => {
      const [a, b] = await Promise.all([embedder.encode("cat sleeps"), embedder.encode("cat today")]);
      return embedder.similarity(a, b).data[0];
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder, step] = process.argv.slice(2);
  await train({
    ...smallTraining(await smallLearner()),
    ...{ checkpoint: folder, checkpointEvery: 3, log: join(folder, "log.jsonl") },
    onProgress: (progress) => {
      if (progress.step === Number(step)) process.kill(process.pid, "SIGKILL");
    },
  });
}
