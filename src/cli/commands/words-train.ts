/** `semspace words train`: word vectors learned from a text. */
import type { FastTextModel } from "../../words/fasttext/fasttext-model.ts";
import type { TrainingProgress, WordVectors } from "../../words/index.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { openProgress } from "../progress.ts";

const methods = ["word2vec", "glove", "fasttext"] as const;
type Method = (typeof methods)[number];

export const command: Command = defineCommand({
  name: "words train",
  summary: "Learns word vectors from a text with a sentence (or document) a line.",
  positionals: "word2vec|glove|fasttext",
  description:
    "The output's format follows its ending, as for words convert; .bin of fasttext is a whole fastText model, which also knows the vectors of\nnew words. Defaults that are not shown are the method's own.",
  options: {
    input: { type: "string", value: "FILE", describe: "Text, .gz, or - for standard input" },
    output: { type: "string", value: "FILE", describe: "Where the vectors go" },
    dimensions: { type: "whole", value: "N", least: 1, describe: "Length of a vector", default: 100 },
    window: { type: "whole", value: "N", least: 1, describe: "Words on each side (word2vec, fasttext 5; glove 10)" },
    "min-count": { type: "whole", value: "N", least: 1, describe: "Rarer words are left out", default: 5 },
    "max-vocabulary": { type: "whole", value: "N", least: 1, describe: "Keep only the N most frequent words" },
    negative: { type: "whole", value: "N", describe: "Random words against each prediction", default: 5 },
    epochs: { type: "whole", value: "N", least: 1, describe: "Passes over the text (word2vec, fasttext 5; glove 15)" },
    threads: { type: "whole", value: "N", least: 1, describe: "Cores", default: 1 },
    seed: { type: "whole", value: "N", describe: "One thread and one seed give the same vectors again", default: 1 },
    sample: { type: "number", value: "X", describe: "Thin out words above this share (word2vec 1e-3, fasttext 1e-4)" },
    "learning-rate": { type: "number", value: "X", describe: "At the start" },
    cbow: { type: "flag", describe: "The context predicts the word (word2vec, fasttext)" },
    "x-max": { type: "number", value: "X", describe: "glove: co-occurrences from here on count fully" },
    "min-n": { type: "whole", value: "N", describe: "fasttext: shortest n-gram of characters" },
    "max-n": { type: "whole", value: "N", describe: "fasttext: longest n-gram of characters" },
  },
  examples: [
    ["semspace words train word2vec --input wiki.txt.gz --output vectors.bin --threads 2", "word2vec's binary file"],
    ["semspace words train fasttext --input wiki.txt --output model.bin --epochs 10", "a model that fastText reads"],
  ],
  async run({ options, positionals: [name, ...more], terminal }) {
    const method = methods.find((each) => each === name);
    if (!method || more.length > 0)
      throw new UsageError(`One of ${methods.join(", ")} is needed, got "${name ?? ""}".`);
    const { input, output } = options;
    if (input === undefined || output === undefined) throw new UsageError("--input FILE and --output FILE are needed.");
    const { saveWordVectors, wordVectorFiles } = await import("../../words/index.ts");
    const whole = method === "fasttext" && /\.(bin|ftz)$/.test(output);
    // An ending that says nothing is found now, not after hours of training.
    if (!whole) await checkedEnding(output);
    const progress = await openProgress();
    const controller = new AbortController();
    try {
      const trained = await train(method, input, {
        ...given(options),
        signal: controller.signal,
        onProgress: ({ fraction, epoch, epochs }: TrainingProgress) =>
          progress.update(`training, epoch ${epoch} of ${epochs}`, Math.round(fraction * 1000), 1000),
      });
      if (whole && trained.model) {
        const { saveFastText } = await import("../../words/fasttext/write-model.ts");
        await saveFastText(trained.model, output);
      } else await saveWordVectors(trained.vectors(), output);
      progress.stop();
      const { size, dimensions } = trained.vectors();
      const files = whole ? [output] : Object.keys(wordVectorFiles(trained.vectors(), output));
      if (options.json) await terminal.write(`${JSON.stringify({ output, words: size, dimensions, files })}\n`);
      else terminal.message(`${size} words of ${dimensions} dimensions written to ${files.join(" and ")}`);
    } finally {
      progress.stop();
    }
  },
});

async function checkedEnding(output: string): Promise<void> {
  const { formatOfName } = await import("../../words/formats/save.ts");
  formatOfName(output);
}

/** The options that were given, by the trainers' names. */
function given(options: Readonly<Record<string, unknown>>): Record<string, number | string> {
  const names: Readonly<Record<string, string>> = {
    ...{ dimensions: "dimensions", window: "window", "min-count": "minCount", "max-vocabulary": "maxVocabulary" },
    ...{ negative: "negative", epochs: "epochs", threads: "threads", seed: "seed", sample: "sample" },
    ...{ "learning-rate": "learningRate", "x-max": "xMax", "min-n": "minN", "max-n": "maxN" },
  };
  const result: Record<string, number | string> = {};
  for (const [option, name] of Object.entries(names)) {
    const value = options[option];
    if (typeof value === "number") result[name] = value;
  }
  if (options["cbow"] === true) result["architecture"] = "cbow";
  return result;
}

type TrainOptions = Record<string, unknown> & { signal: AbortSignal; onProgress: (progress: TrainingProgress) => void };

/** The vectors, and of fastText the model; they are made of it only where they are wanted. */
async function train(
  method: Method,
  input: string,
  options: TrainOptions,
): Promise<{ vectors: () => WordVectors; model?: FastTextModel }> {
  if (method === "word2vec") {
    const { trainWord2Vec } = await import("../../words/index.ts");
    const { vectors } = await trainWord2Vec(input, options);
    return { vectors: () => vectors };
  }
  if (method === "glove") {
    const { trainGlove } = await import("../../words/glove/train-glove.ts");
    const { vectors } = await trainGlove(input, options);
    return { vectors: () => vectors };
  }
  const { trainFastText } = await import("../../words/fasttext/train-fasttext.ts");
  const model = await trainFastText(input, options);
  let made: WordVectors | undefined;
  return { vectors: () => (made ??= model.wordVectors()), model };
}
