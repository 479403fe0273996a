/** Which arrays a checkpoint holds, and what makes two trainings the same. */
import { SemspaceError } from "../../errors.ts";
import type { Learner } from "../learner.ts";
import type { Parameter } from "../parameters.ts";
import type { TrainOptions, TrainSettings } from "../train-options.ts";
import type { Optimizers } from "../train-step.ts";
import type { SavedState, StateArrays, TrainingIdentity } from "./training-state.ts";

/**
 * What must be equal for a state to be gone on with; to be taken before anything is learnt. The names of files may differ: data may have moved.
 */
export function identityOf(learner: Learner, settings: TrainSettings, options: TrainOptions): TrainingIdentity {
  const { sets, epochs, maxSteps, mix, learningRate, warmup, schedule, clip, accumulate, seed } = settings;
  const { optimizer = "adamw", weightDecay = 0, betas = [0.9, 0.999], rows = "all" } = options;
  return {
    model: learner.parameters.map(({ name, shape }) => `${name}[${shape.join(",")}]`).join(" "),
    data: sets.map(({ data }) => `${data.length} x ${data.columns.join(",")}`).join(" + "),
    loss: sets.map(({ loss }) => loss.name).join(" + "),
    batchSize: sets.map(({ batchSize }) => batchSize).join(" + "),
    sampler: sets.map(({ sampler }) => sampler).join(" + "),
    ...{
      epochs,
      maxSteps: String(maxSteps),
      mix,
      learningRate,
      warmup,
      schedule,
      clip: String(clip),
      accumulate,
      seed,
    },
    ...{ optimizer, weightDecay, betas: betas.join(", "), rows },
    // Last, for the seed decides it where vectors begin at random, and says more.
    "beginning of the model": valuesHash(learner.parameters),
  };
}

/** FNV-1a over the bits of all values. */
function valuesHash(parameters: readonly Parameter[]): string {
  let hash = 0x811c9dc5;
  for (const { value } of parameters) {
    for (const bits of new Int32Array(value.buffer, value.byteOffset, value.length)) {
      hash = Math.imul(hash ^ bits, 0x01000193);
    }
  }
  return (hash >>> 0).toString(16);
}

export function stateArrays(
  learner: Learner,
  { learner: optimizer, losses, lossParameters }: Optimizers,
  best: Readonly<Record<string, Float32Array>> | undefined,
): StateArrays {
  return {
    values: valuesOf(learner.parameters),
    optimizer: optimizer.state(),
    "loss-values": valuesOf(lossParameters),
    "loss-optimizer": losses?.state() ?? {},
    best: best ?? {},
  };
}

/** Puts a state's arrays where they came from; gives the best values, if there are any. */
export async function restoreArrays(
  saved: SavedState,
  learner: Learner,
  { learner: optimizer, losses, lossParameters }: Optimizers,
): Promise<Record<string, Float32Array> | undefined> {
  putValues(learner.parameters, await saved.arrays("values"));
  optimizer.restore(await saved.arrays("optimizer"));
  putValues(lossParameters, await saved.arrays("loss-values"));
  losses?.restore(await saved.arrays("loss-optimizer"));
  const best = await saved.arrays("best");
  return Object.keys(best).length > 0 ? best : undefined;
}

function valuesOf(parameters: readonly Parameter[]): Record<string, Float32Array> {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
}

function putValues(parameters: readonly Parameter[], values: Readonly<Record<string, Float32Array>>): void {
  for (const { name, value } of parameters) {
    if (values[name]?.length !== value.length) {
      throw new SemspaceError(
        "mismatch",
        `The checkpoint has ${values[name]?.length ?? "no"} values for "${name}", the model has ${value.length}. Resume with the model that it was made with.`,
      );
    }
    value.set(values[name]);
  }
}
