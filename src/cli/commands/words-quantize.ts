/** `semspace words quantize`: a fastText model in a tenth of its bytes. */
import { stat } from "node:fs/promises";
import type { QuantizeOptions } from "../../words/index.ts";
import { UsageError, type Values } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { interruptible } from "../training/interruptible.ts";
import { checkPlaces } from "../training/places.ts";

const options = {
  cutoff: {
    type: "whole",
    value: "N",
    least: 1,
    describe: "Rows of words and n-grams that stay (default: all in use)",
  },
  normalize: { type: "flag", describe: "Keep each row's length apart: a byte more, and less is lost" },
  "quantize-output": { type: "flag", describe: "The output matrix too" },
  "piece-length": { type: "whole", value: "N", least: 1, describe: "Numbers that share a byte", default: 2 },
  retrain: {
    type: "string",
    value: "FILE",
    describe: "Train a classifier further on what is left, on the text it was trained on",
  },
  epochs: { type: "whole", value: "N", least: 1, describe: "With --retrain", default: 5 },
  "learning-rate": { type: "number", value: "X", describe: "With --retrain", default: 0.1 },
  threads: { type: "whole", value: "N", least: 1, describe: "With --retrain", default: 1 },
} as const;

export const command: Command = defineCommand({
  name: "words quantize",
  summary: "Makes a fastText model small: a .bin becomes an .ftz.",
  positionals: "MODEL OUTPUT",
  description:
    "Product quantisation, and with --cutoff the rows of the largest length only. Models of word vectors are quantised too; all their words stay.",
  options,
  examples: [
    ["semspace words quantize model.bin model.ftz", "a tenth of the bytes"],
    [
      "semspace words quantize model.bin model.ftz --normalize --cutoff 20000 --retrain train.txt",
      "a hundredth, and nearly as good",
    ],
  ],
  async run({ options: given, positionals: [path, output, ...more], terminal }) {
    if (path === undefined || output === undefined || more.length > 0)
      throw new UsageError("Two files are needed: semspace words quantize MODEL OUTPUT.");
    if (!output.endsWith(".ftz")) throw new UsageError(`OUTPUT must end in .ftz, got ${output}.`);
    const about = (["epochs", "learning-rate", "threads"] as const).find((name) => given[name] !== undefined);
    if (about && given.retrain === undefined)
      throw new UsageError(`--${about} is for --retrain. Add --retrain FILE, or leave it out.`);
    await checkPlaces({ MODEL: path, "--retrain": given.retrain }, { OUTPUT: output });
    return interruptible(
      async (signal) => {
        const { loadFastText } = await import("../../words/fasttext/read-model.ts");
        const { saveFastText } = await import("../../words/fasttext/write-model.ts");
        const model = await loadFastText(path);
        const small = await model.quantize(quantizeOptions(given, signal));
        signal.throwIfAborted();
        await saveFastText(small, output);
        const [before, after] = [(await stat(path)).size, (await stat(output)).size];
        const { words, labels, dimensions } = small;
        const result = { output, words: words.length, labels: labels.length, dimensions, bytes: after };
        const [from, to] = [before, after].map((size) => size.toLocaleString("en"));
        if (given.json) await terminal.write(`${JSON.stringify(result)}\n`);
        else terminal.message(`${output}: ${to} bytes, where ${path} has ${from}`);
      },
      () => terminal.message("Stopped, nothing is kept."),
    );
  },
});

function quantizeOptions(given: Values<typeof options>, signal: AbortSignal): QuantizeOptions {
  const { cutoff, normalize, retrain, epochs, threads } = given;
  const { "learning-rate": learningRate, "piece-length": pieceLength } = given;
  return {
    ...{ normalize, output: given["quantize-output"] },
    ...(cutoff !== undefined && { cutoff }),
    ...(pieceLength !== undefined && { pieceLength }),
    ...(retrain !== undefined && {
      retrain: {
        ...{ corpus: retrain, signal },
        ...(epochs !== undefined && { epochs }),
        ...(threads !== undefined && { threads }),
        ...(learningRate !== undefined && { learningRate }),
      },
    }),
  };
}
