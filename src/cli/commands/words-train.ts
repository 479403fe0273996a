/** `semspace words train`: word vectors learned from a text. */
import { SemspaceError } from "../../errors.ts";
import type { TrainingProgress } from "../../words/index.ts";
import { defineCommand, type Command } from "../command.ts";
import { openProgress } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { whatIsLeft } from "../training/checkpoint.ts";
import { interruptible } from "../training/interruptible.ts";
import { type Plan, readPlan, trainOptions } from "../training/plan.ts";
import { inFlags } from "../training/trainer-options.ts";
import { showTraining } from "../training/training-note.ts";

export const command: Command = defineCommand({
  name: "words train",
  summary: "Learns word vectors from a text with a sentence (or document) a line.",
  positionals: "word2vec|glove|fasttext",
  description: [
    "The output's format follows its ending, as for words convert; .bin of fasttext is a whole fastText model, which also knows the vectors",
    "of new words, .ftz a quantised one. Words are what stands between spaces; --tokenizer words is for ordinary text. Ctrl-C stops at once;",
    "with --checkpoint FILE, --resume goes on after the last whole epoch.",
  ].join("\n"),
  options: trainOptions,
  examples: [
    ["semspace words train word2vec --input wiki.txt.gz --output vectors.bin --threads 2", "word2vec's binary file"],
    ["semspace words train fasttext --input wiki.txt --output model.bin --epochs 10", "a model that fastText reads"],
    [
      "semspace words train glove --input zh.txt --output zh.glove --tokenizer segmenter:zh --checkpoint zh.state",
      "Chinese; after Ctrl-C the same with --resume",
    ],
  ],
  async run({ options, positionals, terminal }) {
    const plan = await readPlan(positionals, options);
    let seen: TrainingProgress | undefined;
    return interruptible(
      (signal) =>
        carryOut(plan, { signal, terminal, json: options.json, seen: (progress) => (seen = progress) }).catch(
          inOptions,
        ),
      () => terminal.message(whatIsLeft(plan, seen)),
    );
  },
});

interface Surroundings {
  signal: AbortSignal;
  terminal: Terminal;
  json: boolean;
  seen: (progress: TrainingProgress) => void;
}

async function carryOut(plan: Plan, { signal, terminal, json, seen }: Surroundings): Promise<void> {
  const { saveTrained, trainWords } = await import("../training/train-words.ts");
  const progress = await openProgress();
  const show = showTraining(progress, plan.method === "glove" ? "cells" : "words");
  const onProgress = (now: TrainingProgress): void => {
    seen(now);
    show(now);
  };
  try {
    const trained = await trainWords(plan, { signal, progress, onProgress });
    signal.throwIfAborted();
    const { output } = plan;
    const files = await saveTrained(trained, output);
    progress.stop();
    const { size, dimensions } = trained.vectors();
    if (json) await terminal.write(`${JSON.stringify({ output, words: size, dimensions, files })}\n`);
    else terminal.message(`${size} words of ${dimensions} dimensions written to ${files.join(" and ")}`);
  } finally {
    progress.stop();
  }
}

/** The trainers' errors speak of `minCount`, the command line of --min-count. */
function inOptions(error: unknown): never {
  if (!(error instanceof SemspaceError)) throw error;
  throw new SemspaceError(error.code, inFlags(error.message), { cause: error });
}
