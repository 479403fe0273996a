/**
 * Trains a language model on the lines of a corpus: masked (BERT) or by what follows (GPT).
 * Reference: transformers' run_mlm.py with packed rows (`--line_by_line false`): AdamW, warm-up, linear decay.
 */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import type { CorpusSource } from "../../formats/corpus-source.ts";
import type { LanguageModel } from "./language-model.ts";
import { languageModelRows } from "./language-model-rows.ts";
import { stepSettings, type StepTraining, type StepTrainingOptions, trainSteps } from "./step-training.ts";

export interface LanguageModelTrainingOptions extends StepTrainingOptions {
  /** What learns; it is changed in place and stays the caller's to dispose of. */
  model: LanguageModel;
  /** A text a line: a path, or the lines. */
  corpus: CorpusSource;
  /** Tokens a row, special ones included. Default 128. */
  columns?: number | undefined;
  /** Share of the tokens that a masked model is asked for. Default 0.15. */
  maskShare?: number | undefined;
}

/**
 * Trains `model` in place. Throws `invalid-argument` for a loss that is no number (the last state is kept), `mismatch` for a checkpoint of another
 * training.
 *
 * @example
 * await trainLanguageModel({ model, corpus: "corpus.txt", epochs: 3, checkpoint: "run", log: "run/log.jsonl" });
 * await model.save("my-bert");
 */
export async function trainLanguageModel(options: LanguageModelTrainingOptions): Promise<StepTraining> {
  const { model, corpus, signal, columns = 128, maskShare = 0.15 } = options;
  const settings = stepSettings(options, 5e-4);
  if (wholeNumber("columns", columns, 3) > model.maxPositions) {
    const message = `columns must be at most ${model.maxPositions}, the model's positions, got ${columns}.`;
    throw new SemspaceError("invalid-argument", message);
  }
  if (!(maskShare > 0 && maskShare < 1))
    throw new SemspaceError("invalid-argument", `maskShare must be between 0 and 1, got ${maskShare}.`);
  const rows = await languageModelRows(model, corpus, { ...settings, columns, maskShare, signal });
  return trainSteps(options, { model, rows, settings, identity: { columns, maskShare } });
}
