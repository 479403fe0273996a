/** `semspace words classify train`: labelled lines → a fastText model. */
import { type FastTextClassifierOptions, saveFastText, trainFastTextClassifier } from "../../words/index.ts";
import { UsageError, type Values } from "../arguments.ts";
import { openProgress } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import type { classifyOptions } from "./words-classify.ts";

export async function trainClassifier(
  options: Values<typeof classifyOptions>,
  rest: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const { input, output } = options;
  if (input === undefined || output === undefined || rest.length > 0) {
    throw new UsageError(
      "Training needs --input FILE and --output FILE: semspace words classify train -i labelled.txt -o model.bin.",
    );
  }
  if (!/\.(bin|ftz)$/.test(output))
    throw new UsageError(`The model ends in .bin, or .ftz when quantised, got ${output}.`);
  const quantised = output.endsWith(".ftz");
  if (options.cutoff !== undefined && !quantised) throw new UsageError("--cutoff is for a model that ends in .ftz.");
  const progress = await openProgress();
  try {
    const trained = await trainFastTextClassifier(input, {
      ...settings(options),
      onProgress: ({ epoch, epochs, fraction }) =>
        progress.update(`epoch ${epoch} of ${epochs}`, Math.round(fraction * 1000), 1000),
    });
    const cutoff = options.cutoff === undefined ? {} : { cutoff: options.cutoff };
    const model = quantised ? await trained.quantize({ normalize: true, ...cutoff }) : trained;
    await saveFastText(model, output);
    terminal.message(`${model.labels.length} labels, ${model.words.length} words in ${output}`);
  } finally {
    progress.stop();
  }
}

function settings(options: Values<typeof classifyOptions>): FastTextClassifierOptions {
  const given = {
    dimensions: options.dimensions,
    epochs: options.epochs,
    learningRate: options["learning-rate"],
    loss: options.loss,
    wordNgrams: options["word-ngrams"],
    minCount: options["min-count"],
    minCountLabel: options["min-count-label"],
    minN: options["min-n"],
    maxN: options["max-n"],
    buckets: options.buckets,
    negative: options.negative,
    labelPrefix: options.label,
    threads: options.threads,
    seed: options.seed,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
