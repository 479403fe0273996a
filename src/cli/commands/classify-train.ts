/** `semspace words classify train`: a classifier learned from labelled lines. */
import { SemspaceError } from "../../errors.ts";
import type { FastTextClassifierOptions, FastTextModel, TrainingProgress } from "../../words/index.ts";
import { UsageError, type Values } from "../arguments.ts";
import { defineCommand, type Command, type Invocation } from "../command.ts";
import { openProgress } from "../progress.ts";
import { checkCheckpoint, checkGoingOn, checkpointOptions, whatIsLeft } from "../training/checkpoint.ts";
import { interruptible } from "../training/interruptible.ts";
import { checkPlaces } from "../training/places.ts";
import { showTraining } from "../training/training-note.ts";

const options = {
  input: { type: "string", value: "FILE", describe: "Lines that begin with their labels (__label__NAME); .gz, or -" },
  output: { type: "string", value: "FILE", describe: "The model: .bin, or .ftz for a quantised one" },
  dimensions: { type: "whole", value: "N", least: 1, describe: "Length of a vector", default: 100 },
  epochs: { type: "whole", value: "N", least: 1, describe: "Passes over the text", default: 5 },
  "learning-rate": { type: "number", value: "X", describe: "At the start", default: 0.1 },
  "word-ngrams": { type: "whole", value: "N", least: 1, describe: "Longest run of words that counts", default: 1 },
  "min-count": { type: "whole", value: "N", least: 1, describe: "Rarer words are left out", default: 1 },
  "min-count-label": { type: "whole", value: "N", describe: "Rarer labels are left out", default: 0 },
  loss: {
    type: "string",
    value: "NAME",
    choices: ["softmax", "hs", "ns", "ova"] as const,
    describe: "ova for several labels a line, hs for thousands of labels",
    default: "softmax",
  },
  negative: { type: "whole", value: "N", least: 1, describe: "With --loss ns: random labels against each", default: 5 },
  "min-n": { type: "whole", value: "N", describe: "Shortest n-gram of characters", default: 0 },
  "max-n": { type: "whole", value: "N", describe: "Longest n-gram of characters, 0 for none", default: 0 },
  buckets: { type: "whole", value: "N", least: 1, describe: "Rows that n-grams are hashed into", default: 2_000_000 },
  "label-prefix": { type: "string", value: "TEXT", describe: "What a label begins with", default: "__label__" },
  cutoff: { type: "whole", value: "N", least: 1, describe: "For .ftz: rows that stay (default: all)" },
  threads: { type: "whole", value: "N", least: 1, describe: "Cores", default: 1 },
  ...checkpointOptions,
  "pretrained-vectors": { type: "string", value: "FILE", describe: "Word vectors to begin with" },
  seed: { type: "whole", value: "N", describe: "One thread and one seed give the same model again", default: 1 },
} as const;
type Call = Invocation<typeof options>;

export const command: Command = defineCommand({
  name: "words classify train",
  summary: "Learns to label texts, from lines that begin with their labels.",
  positionals: "",
  description: "fastText reads the model, and this program reads fastText's.",
  options,
  examples: [
    ["semspace words classify train --input train.txt --output model.bin --epochs 25 --word-ngrams 2", "a classifier"],
    ["semspace words classify train --input train.txt --output model.ftz --cutoff 20000", "a small one"],
  ],
  async run(call) {
    const { input, output } = call.options;
    if (call.positionals.length > 0)
      throw new UsageError(
        `Files are named by options, got "${call.positionals.join(" ")}": --input FILE --output FILE.`,
      );
    if (input === undefined || output === undefined) throw new UsageError("--input FILE and --output FILE are needed.");
    checkTogether(call.options, output);
    const { checkpoint, continue: model, "pretrained-vectors": pretrained } = call.options;
    await checkPlaces(
      { "--input": input, "--continue": model, "--pretrained-vectors": pretrained },
      { "--output": output, "--checkpoint": checkpoint },
    );
    checkCheckpoint(call.options);
    let seen: TrainingProgress | undefined;
    return interruptible(
      (signal) => trainModel(call, { input, output, signal, seen: (progress) => (seen = progress) }),
      () => call.terminal.message(whatIsLeft(call.options, seen)),
    );
  },
});

/** What a model that is trained further has its own of. */
const ownOfModels = ["dimensions", "word-ngrams", "buckets", "min-n", "max-n", "label-prefix", "pretrained-vectors"];

function checkTogether(given: Values<typeof options>, output: string): void {
  checkGoingOn(given, ownOfModels);
  if (given.cutoff !== undefined && !output.endsWith(".ftz"))
    throw new UsageError("--cutoff is for an output that ends in .ftz.");
  if (given.negative !== undefined && given.loss !== "ns")
    throw new UsageError(`--negative is for --loss ns, not for ${given.loss ?? "softmax"}. Leave one of the two out.`);
  const { "min-n": shortest = 0, "max-n": longest = 0 } = given;
  if (longest < shortest)
    throw new UsageError(
      `--min-n is ${shortest}, --max-n only ${longest}. Give both, for example --min-n 2 --max-n 5.`,
    );
}

interface Job {
  input: string;
  output: string;
  signal: AbortSignal;
  seen: (progress: TrainingProgress) => void;
}

async function trainModel({ options: given, terminal }: Call, { input, output, signal, seen }: Job): Promise<void> {
  const { saveFastText } = await import("../../words/fasttext/write-model.ts");
  const progress = await openProgress();
  const show = showTraining(progress, "words");
  const onProgress = (now: TrainingProgress): void => {
    seen(now);
    show(now);
  };
  try {
    const model = await learn(input, given, { signal, onProgress });
    const { cutoff } = given;
    const small = output.endsWith(".ftz")
      ? await model.quantize({ normalize: true, ...(cutoff !== undefined && { cutoff }) })
      : model;
    signal.throwIfAborted();
    await saveFastText(small, output);
    progress.stop();
    const { words, labels, dimensions } = small;
    const result = { output, words: words.length, labels: labels.length, dimensions };
    if (given.json) await terminal.write(`${JSON.stringify(result)}\n`);
    else terminal.message(`${result.words} words and ${result.labels} labels written to ${output}`);
  } finally {
    progress.stop();
  }
}

async function learn(
  input: string,
  given: Values<typeof options>,
  watch: Pick<FastTextClassifierOptions, "signal" | "onProgress">,
): Promise<FastTextModel> {
  const { checkpoint, resume, continue: path } = given;
  const settings = { ...settingsOf(given), ...watch, checkpoint };
  const { loadFastText, trainFastTextClassifier } = await import("../../words/index.ts");
  if (path === undefined)
    return trainFastTextClassifier(input, { ...settings, resume: resume ? checkpoint : undefined });
  const model = await loadFastText(path);
  if (model.settings.kind === "supervised") return model.train(input, settings);
  const message = `${path} holds word vectors, no classifier. Begin with them: --pretrained-vectors ${path}.`;
  throw new SemspaceError("unsupported", message);
}

/** Without what was not given, so that the trainer's defaults stand. */
function settingsOf(given: Values<typeof options>): FastTextClassifierOptions {
  const { dimensions, epochs, loss, negative, buckets, threads, seed } = given;
  const settings = {
    ...{ dimensions, epochs, loss, negative, buckets, threads, seed },
    learningRate: given["learning-rate"],
    wordNgrams: given["word-ngrams"],
    minCount: given["min-count"],
    minCountLabel: given["min-count-label"],
    minN: given["min-n"],
    maxN: given["max-n"],
    labelPrefix: given["label-prefix"],
    pretrainedVectors: given["pretrained-vectors"],
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
