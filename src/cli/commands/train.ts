/** `semspace train`: an embedder learns from pairs, triplets, scores or classes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrainProgress } from "../../training/train-options.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { checkModelOutput, writeModelOutput } from "../model-output.ts";
import { openProgress } from "../progress.ts";
import { interruptible } from "../training/interruptible.ts";
import { readTrainConfig } from "../training/train-config.ts";
import { trainNote } from "../training/train-note.ts";

export const command: Command = defineCommand({
  name: "train",
  summary: "Trains an embedder: a static table or a transformer, on pairs, triplets, scores or classes.",
  positionals: "[CONFIG.json]",
  description: [
    "CONFIG.json holds the options of train() by their names (docs/training.md); options given here win. The data is .jsonl, .csv, .tsv",
    "(also .gz) or .parquet with columns anchor, positive, negative; sentence1, sentence2, score; or text, label. Ctrl-C stops after the present step;",
    "with --checkpoint DIR the same command goes on from there.",
  ].join("\n"),
  options: {
    model: { type: "string", short: "m", value: "MODEL", describe: "A static model or a transformer to begin with" },
    tokenizer: {
      type: "string",
      value: "MODEL",
      describe: "Begin with random vectors for the vocabulary of this model's tokenizer",
    },
    dimensions: { type: "whole", value: "N", least: 4, describe: "Length of random vectors (default 256)" },
    data: { type: "string", short: "d", value: "FILE", describe: "What is learnt from" },
    loss: { type: "string", short: "l", value: "NAME", describe: "Such as multipleNegativesRanking or cosent" },
    output: { type: "string", short: "o", value: "DIR", describe: "The new model's folder, not there yet or empty" },
    evaluate: {
      type: "string",
      value: "FILE",
      describe: "Pairs with scores: Spearman's correlation picks the best epoch",
    },
    epochs: { type: "whole", value: "N", least: 1, describe: "Default 1" },
    "max-steps": { type: "whole", value: "N", least: 1, describe: "End after so many steps" },
    "batch-size": { type: "whole", value: "N", least: 1, describe: "Default 32" },
    "learning-rate": {
      type: "number",
      value: "X",
      describe: "Default 2e-5, for transformers; a table wants 0.01 to 0.2",
    },
    seed: { type: "whole", value: "N", describe: "Default 42" },
    threads: { type: "whole", value: "N", least: 1, describe: "Default: all cores" },
    checkpoint: { type: "string", value: "DIR", describe: "Keep the state here, and go on from one that is there" },
    "checkpoint-every": {
      type: "whole",
      value: "N",
      least: 1,
      describe: "Steps between two states (default: an epoch)",
    },
    log: { type: "string", value: "FILE", describe: "A line of JSON a step" },
    curve: { type: "string", value: "FILE", describe: "The drawn curve of the loss, SVG" },
  },
  examples: [
    [
      "semspace train --tokenizer models/all-MiniLM-L6-v2 --data pairs.jsonl --loss multipleNegativesRanking --batch-size 1024 --learning-rate 0.1 --output my-model",
      "a static table from random vectors",
    ],
    ["semspace train config.json --checkpoint state", "all settings in a file; after Ctrl-C the same goes on"],
  ],
  async run({ options, positionals: [path, ...more], terminal }) {
    if (more.length > 0) throw new UsageError("One CONFIG.json at most.");
    const { json, debug: _, help: __, ...given } = options;
    const config = await readTrainConfig(path, camelCased(given));
    const { checkpoint, output } = config;
    await checkModelOutput(output);
    const progress = await openProgress();
    let seen: TrainProgress | undefined;
    const onProgress = (now: TrainProgress): void => {
      seen = now;
      progress.update("training", now.step, now.steps, { note: trainNote(now) });
    };
    const work = async (signal: AbortSignal): Promise<void> => {
      const { trainModel } = await import("../training/train-model.ts");
      const save = (learner: { save(folder: string): Promise<void> }): Promise<void> =>
        writeModelOutput(output, (folder) => learner.save(folder));
      const result = await trainModel(config, { signal, onProgress }, save).finally(() => progress.stop());
      const { steps, losses, best, ended } = result;
      const score = (best ?? result.evaluations.at(-1))?.score;
      const loss = losses.at(-1);
      if (json) await terminal.write(`${JSON.stringify({ output, steps, losses, score, ended })}\n`);
      else {
        const parts = [`${output}: ${steps} steps`, loss !== undefined && `loss ${loss.toPrecision(4)}`];
        terminal.message([...parts, score !== undefined && `score ${score.toFixed(4)}`].filter(Boolean).join(", "));
      }
    };
    return interruptible(work, () => {
      const where = seen ? `after step ${seen.step} of ${seen.steps}` : "before the first step";
      const kept = checkpoint !== undefined && existsSync(join(checkpoint, "training.safetensors"));
      terminal.message(
        kept
          ? `Stopped ${where}; ${checkpoint} holds the state. The same command goes on from there.`
          : `Stopped ${where}, nothing is kept. --checkpoint DIR keeps the state.`,
      );
    });
  },
});

function camelCased(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
