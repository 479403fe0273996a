/** `semspace distill`: a transformer → the folder of a small static model. */
import type { ModelFolder } from "../../hub/folder.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelFolder } from "../model-option.ts";
import { checkModelOutput, writeModelOutput } from "../model-output.ts";
import { openProgress } from "../progress.ts";
import { textBatches } from "../texts-of-lines.ts";
import { corpusOptions, distillCorpus, type Distilling } from "../training/distill-corpus.ts";

export const command: Command = defineCommand({
  name: "distill",
  summary: "Makes a small static model from a transformer, with or without texts.",
  positionals: "MODEL --output DIR",
  description: [
    "Every token goes through the transformer alone; the vectors are reduced by PCA and weighted by how rare the token is (model2vec).",
    "With --corpus the tokens then learn from what the transformer says of those texts, which is better and takes longer: 32,000 sentences",
    "give most of it. The new folder is read by semspace, and by Python's model2vec and sentence-transformers.",
  ].join("\n"),
  options: {
    output: {
      type: "string",
      short: "o",
      value: "DIR",
      describe: "The new model's folder, which must not be there or be empty",
    },
    "pca-dimensions": { type: "whole", value: "N", least: 1, default: 256, describe: "Length of the vectors" },
    "sif-coefficient": {
      type: "number",
      value: "X",
      default: 0.0001,
      describe: "Smaller makes frequent tokens lighter",
    },
    vocabulary: {
      type: "string",
      value: "FILE",
      describe: "Words to add to the tokenizer's own, one a line, most frequent first",
    },
    quantize: {
      type: "string",
      choices: ["int8", "float16", "float32"],
      default: "int8",
      describe: "How the table is kept",
    },
    ...corpusOptions,
  },
  examples: [
    ["semspace distill models/all-MiniLM-L6-v2 --output my-model", "half a minute, about 8 MB"],
    [
      "semspace distill models/all-MiniLM-L6-v2 -o my-model --vocabulary terms.txt --pca-dimensions 128",
      "with the words of a field",
    ],
    ["semspace distill models/all-MiniLM-L6-v2 -o my-model --corpus sentences.txt", "learns from texts, one a line"],
  ],
  async run({ options, positionals: [model, ...more], terminal }) {
    const { output, vocabulary, quantize = "int8" } = options;
    if (model === undefined || more.length > 0 || output === undefined)
      throw new UsageError("One model and --output DIR are needed: semspace distill MODEL --output DIR.");
    const folder = await modelFolder(model);
    await checkModelOutput(output);
    const { saveStaticModel } = await import("../../texts/static/index.ts");
    const progress = await openProgress();
    const make = options.corpus.length > 0 ? distillCorpus : distillAlone;
    const parts = await make(folder, {
      ...options,
      quantizeTo: quantize === "int8" ? "int8" : "float32",
      words: vocabulary === undefined ? undefined : await wordsOf(vocabulary),
      progress,
    }).finally(() => progress.stop());
    const storage = quantize === "float16" ? "float16" : "float32";
    await writeModelOutput(output, (place) => saveStaticModel(parts, place, { storage }));
    const tokens = parts.rows.length / parts.dimensions;
    const report = { output, dimensions: parts.dimensions, vectors: tokens };
    await terminal.write(
      options.json
        ? `${JSON.stringify(report)}\n`
        : `${output}: ${tokens.toLocaleString("en")} vectors of ${parts.dimensions} dimensions\n`,
    );
  },
});

/** Every token alone. */
async function distillAlone(folder: ModelFolder, { words, progress, quantizeTo, ...options }: Distilling) {
  if (options.checkpoint !== undefined || options.shorter !== undefined)
    throw new UsageError("--checkpoint and --shorter are for learning from texts: add --corpus FILE.");
  const { distill } = await import("../../training/distill.ts");
  return distill(folder, {
    pcaDimensions: options["pca-dimensions"] ?? 256,
    sifCoefficient: options["sif-coefficient"] ?? 1e-4,
    quantizeTo,
    ...(words && { vocabulary: words }),
    progress: ({ done, total }) => progress.update("tokens", done, total),
  });
}

async function wordsOf(path: string): Promise<string[]> {
  const words: string[] = [];
  for await (const batch of textBatches([path], { jsonl: false }))
    words.push(...batch.map((word) => word.trim()).filter((word) => word !== ""));
  return words;
}
