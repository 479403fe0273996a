/** `semspace words classify train|predict|test`: fastText's classifier of texts. */
import type { FastTextModel, Prediction } from "../../words/fasttext/fasttext-model.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command, type Invocation } from "../command.ts";
import { lineBatches } from "../lines.ts";
import { openProgress } from "../progress.ts";
import { printable } from "../terminal.ts";

const options = {
  top: {
    type: "whole",
    value: "N",
    least: 1,
    describe: "predict: labels of a line; test: labels that count",
    default: 1,
  },
  threshold: { type: "number", value: "P", describe: "predict, test: leave out labels below this probability" },
  input: { type: "string", value: "FILE", describe: "train: lines that begin with their labels (__label__NAME)" },
  output: { type: "string", value: "FILE", describe: "train: the model; .bin, or .ftz for a quantised one" },
  dimensions: { type: "whole", value: "N", least: 1, describe: "train: length of a vector", default: 100 },
  epochs: { type: "whole", value: "N", least: 1, describe: "train: passes over the text", default: 5 },
  "learning-rate": { type: "number", value: "X", describe: "train: at the start", default: 0.1 },
  "word-ngrams": {
    type: "whole",
    value: "N",
    least: 1,
    describe: "train: longest run of words that counts",
    default: 1,
  },
  "min-count": { type: "whole", value: "N", least: 1, describe: "train: rarer words are left out", default: 1 },
  loss: {
    type: "string",
    value: "NAME",
    choices: ["softmax", "hs", "ns", "ova"] as const,
    describe: "train",
    default: "softmax",
  },
  "min-n": { type: "whole", value: "N", least: 0, describe: "train: shortest character n-gram", default: 0 },
  "max-n": { type: "whole", value: "N", least: 0, describe: "train: longest character n-gram, 0 for none", default: 0 },
  cutoff: { type: "whole", value: "N", least: 1, describe: "train, .ftz: rows that stay (default: all)" },
  threads: { type: "whole", value: "N", least: 1, describe: "train: cores", default: 1 },
  seed: { type: "whole", value: "N", describe: "train", default: 1 },
} as const;
type Call = Invocation<typeof options>;

export const command: Command = defineCommand({
  name: "words classify",
  summary: "Trains and uses fastText's classifier of texts.",
  positionals: "train | predict MODEL FILE… | test MODEL FILE…",
  description:
    "Models are fastText's .bin and .ftz files; those of the original are read, and it reads these. FILE - is standard input.",
  options,
  examples: [
    ["semspace words classify train --input train.txt --output model.bin --epochs 25", "learns from labelled lines"],
    [
      "semspace words classify predict lid.176.ftz texts.txt --top 2 --json",
      '{"labels": [{"label": …, "probability": …}]} a line',
    ],
    ["semspace words classify test model.bin test.txt", "precision and recall"],
  ],
  async run(call) {
    const [action, ...rest] = call.positionals;
    if (action === "train") return trainModel(call);
    if (action !== "predict" && action !== "test")
      throw new UsageError(`train, predict or test is needed, got "${action ?? ""}".`);
    const [path, ...files] = rest;
    if (path === undefined || files.length === 0)
      throw new UsageError(`A model and a file are needed: semspace words classify ${action} MODEL FILE….`);
    const { loadFastText } = await import("../../words/fasttext/read-model.ts");
    const model = await loadFastText(path);
    return action === "predict" ? predictLines(model, files, call) : testLines(model, files, call);
  },
});

async function predictLines(
  model: FastTextModel,
  files: readonly string[],
  { options, terminal }: Call,
): Promise<void> {
  const { top = 1, threshold = 0 } = options;
  for await (const lines of lineBatches(files)) {
    let text = "";
    for (const line of lines) {
      const labels = model.predict(line, { top, threshold });
      text += options.json ? `${JSON.stringify({ labels })}\n` : `${labels.map(shown).join("  ")}\n`;
    }
    await terminal.write(text);
  }
}

function shown({ label, probability }: Prediction): string {
  return `${printable(label)} ${probability.toFixed(4)}`;
}

/** Precision and recall over all lines that have a label, as the original's `test` counts them. */
async function testLines(model: FastTextModel, files: readonly string[], { options, terminal }: Call): Promise<void> {
  const { top = 1, threshold = 0 } = options;
  let [examples, right, given, wanted] = [0, 0, 0, 0];
  for await (const lines of lineBatches(files)) {
    for (const line of lines) {
      const labels = new Set(model.labelsOf(line));
      if (labels.size === 0) continue;
      const predicted = model.predict(line, { top, threshold });
      examples += 1;
      given += predicted.length;
      wanted += labels.size;
      right += predicted.filter(({ label }) => labels.has(label)).length;
    }
  }
  const result = { examples, precision: right / Math.max(given, 1), recall: right / Math.max(wanted, 1) };
  const text = `${examples} lines, precision@${top} ${result.precision.toFixed(4)}, recall@${top} ${result.recall.toFixed(4)}`;
  await terminal.write(`${options.json ? JSON.stringify(result) : text}\n`);
}

async function trainModel({ options, terminal }: Call): Promise<void> {
  const { input, output, dimensions, epochs, loss, threads, seed } = options;
  if (input === undefined || output === undefined) throw new UsageError("--input FILE and --output FILE are needed.");
  if (options.cutoff !== undefined && !output.endsWith(".ftz"))
    throw new UsageError("--cutoff is for an output that ends in .ftz.");
  const { trainFastTextClassifier } = await import("../../words/fasttext/train-classifier.ts");
  const { saveFastText } = await import("../../words/fasttext/write-model.ts");
  const settings = {
    ...{ dimensions, epochs, loss, threads, seed },
    learningRate: options["learning-rate"],
    wordNgrams: options["word-ngrams"],
    minCount: options["min-count"],
    minN: options["min-n"],
    maxN: options["max-n"],
  };
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const progress = await openProgress();
  try {
    const model = await trainFastTextClassifier(input, {
      ...given,
      onProgress: ({ fraction }) => progress.update("training", Math.round(fraction * 1000), 1000),
    });
    const { cutoff } = options;
    const small =
      output.endsWith(".ftz") && model.quantize({ normalize: true, ...(cutoff !== undefined && { cutoff }) });
    await saveFastText((await small) || model, output);
    progress.stop();
    const result = { output, words: model.words.length, labels: model.labels.length, dimensions: model.dimensions };
    if (options.json) await terminal.write(`${JSON.stringify(result)}\n`);
    else terminal.message(`${result.words} words and ${result.labels} labels written to ${output}`);
  } finally {
    progress.stop();
  }
}
