/** Goes on with a fastText model, of whichever kind, on a corpus that may have new words and labels. */
import { SemspaceError } from "../../errors.ts";
import type { CorpusSource } from "../../formats/corpus-source.ts";
import type { FastTextParts } from "./fasttext-model.ts";
import { DenseTable } from "./table.ts";
import { trainTexts } from "./train-classifier.ts";
import { trainWords } from "./train-fasttext.ts";
import { type FastTextFurtherOptions, furtherRun } from "./training-options.ts";

/** Throws `unsupported` for a quantised model. */
export async function trainFurther(
  known: FastTextParts,
  source: CorpusSource,
  options: FastTextFurtherOptions,
): Promise<FastTextParts> {
  if (!(known.input instanceof DenseTable) || !(known.output instanceof DenseTable)) {
    const message = "A quantised model cannot be trained further. Train the model that it was made of, then quantise.";
    throw new SemspaceError("unsupported", message);
  }
  const run = furtherRun(known.settings, options);
  const { onProgress: _, loss: __, ...reading } = options;
  if (known.settings.kind === "supervised") return trainTexts(source, { run, known });
  return trainWords(source, { run, reading: { ...reading, minCount: run.settings.minCount }, known });
}
