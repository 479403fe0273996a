/** `semspace distill --corpus`: tokens that learn from a transformer's vectors of texts. */
import type { ModelFolder } from "../../hub/folder.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import type { StaticModelParts } from "../../texts/static/index.ts";
import { UsageError, type Values } from "../arguments.ts";
import type { Progress } from "../progress.ts";
import { textBatches } from "../texts-of-lines.ts";

export const corpusOptions = {
  corpus: {
    type: "strings",
    value: "FILE",
    describe: 'Texts to learn from, one a line, or JSONL with a "text" key; may be repeated',
  },
  "max-texts": {
    type: "whole",
    value: "N",
    least: 1,
    default: 200_000,
    describe: "Of a larger corpus, so many texts drawn at random",
  },
  shorter: { type: "string", value: "N,N", describe: "First dimensions that are to do as well alone, e.g. 128,64" },
  epochs: { type: "whole", value: "N", least: 1, default: 3, describe: "How often each text is learned from" },
  seed: { type: "whole", value: "N", default: 1, describe: "The same seed and texts give the same model" },
  checkpoint: {
    type: "string",
    value: "FILE",
    describe: "Keep the state of the learning here; the same command goes on from it",
  },
} as const;

export interface Distilling extends Values<typeof corpusOptions> {
  "pca-dimensions": number | undefined;
  "sif-coefficient": number | undefined;
  quantizeTo: "int8" | "float32";
  words: string[] | undefined;
  progress: Progress;
}

/** Throws {@link UsageError} for what is no list of dimensions, and what `distillTokens` throws. */
export async function distillCorpus(
  teacher: ModelFolder,
  { words, progress, ...options }: Distilling,
): Promise<StaticModelParts> {
  const { quantizeTo, seed = 1, epochs, checkpoint } = options;
  const shorter = dimensionsOf(options.shorter);
  const texts = await sample(options.corpus, { most: options["max-texts"] ?? 200_000, seed });
  const { distillTokens } = await import("../../training/token-learning/distill-tokens.ts");
  return distillTokens({
    ...{ teacher, texts, shorter, quantizeTo, seed, epochs, checkpoint, vocabulary: words },
    dimensions: options["pca-dimensions"],
    sifCoefficient: options["sif-coefficient"],
    onProgress: ({ stage, done, total, loss }) =>
      progress.update({ start: "tokens", teacher: "texts", steps: "steps" }[stage], done, total, {
        ...(loss !== undefined && { note: `step ${done} of ${total} · loss ${loss.toPrecision(3)}` }),
      }),
  });
}

function dimensionsOf(list: string | undefined): number[] {
  if (list === undefined) return [];
  const sizes = list.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (sizes.some((size) => !Number.isInteger(size) || size < 1))
    throw new UsageError(`--shorter takes whole numbers between commas, such as 128,64, got "${list}".`);
  return sizes;
}

/** Texts that are not empty, at most `most`: each of a larger corpus with the same chance (reservoir, Vitter's R), so that memory stays bounded. */
async function sample(sources: readonly string[], { most, seed }: { most: number; seed: number }): Promise<string[]> {
  const random = randomNumbers(seed);
  const kept: string[] = [];
  let seen = 0;
  for await (const batch of textBatches(sources, { jsonl: false })) {
    for (const text of batch) {
      if (text.trim() === "") continue;
      const place = seen < most ? seen : Math.floor(random() * (seen + 1));
      if (place < most) kept[place] = text;
      seen += 1;
    }
  }
  return kept;
}
