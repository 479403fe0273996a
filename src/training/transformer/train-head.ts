/** Trains a model with a head on labelled examples. Reference: transformers' `Trainer` on …ForSequenceClassification and …ForTokenClassification. */
import { SemspaceError } from "../../errors.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { shuffled } from "../samplers/shuffled.ts";
import type { HeadLearner } from "./head-learner.ts";
import { stepSettings, type StepTraining, type StepTrainingOptions, trainSteps } from "./step-training.ts";

export interface HeadTrainingOptions<Example> extends StepTrainingOptions {
  /** What learns; it is changed in place and stays the caller's to dispose of. */
  model: HeadLearner<Example>;
  data: readonly Example[];
}

/** Trains `model` in place; the last batch of an epoch may be smaller. Throws `invalid-argument` for no data and for labels that the model does not have. */
export async function trainHead<Example>(options: HeadTrainingOptions<Example>): Promise<StepTraining> {
  const { model, data } = options;
  if (data.length === 0) throw new SemspaceError("invalid-argument", "There are no examples to learn from.");
  const settings = stepSettings(options, 2e-5);
  const { batchSize, seed } = settings;
  let order: Int32Array = new Int32Array();
  let ordered = -1;
  const rows = {
    batches: Math.ceil(data.length / batchSize),
    batch(epoch: number, index: number): readonly Example[] {
      if (ordered !== epoch) order = shuffled(data.length, randomNumbers(seed ^ Math.imul(epoch + 1, 0x85ebca6b)));
      ordered = epoch;
      return Array.from(order.subarray(index * batchSize, (index + 1) * batchSize), (i) => data[i]);
    },
  };
  return trainSteps(options, { model, rows, settings, identity: { rows: data.length } });
}
