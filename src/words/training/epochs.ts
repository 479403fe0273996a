/** Runs a training epoch by epoch: progress, loss, time left, abort, and the end when the loss is no number any more. */
import { SemspaceError } from "../../errors.ts";
import type { LaneGroup } from "./lanes.ts";

/** Milliseconds between two reports. */
const REPORT = 250;

export interface TrainingProgress {
  /** The present epoch, from 1 on, and how many there are. */
  epoch: number;
  epochs: number;
  /** Share of the whole training that is done, 0 … 1. */
  fraction: number;
  /** Words trained on, over all epochs; for GloVe cells. */
  done: number;
  /** Words a second since this training began. */
  speed: number;
  /** Mean loss of this epoch so far, summed in float64; NaN before the first block. */
  loss: number;
  secondsLeft: number;
}

export interface EpochsOptions {
  epochs: number;
  /** Epochs that a checkpoint has already behind it, with the part of the one that it has begun. Default 0. */
  finished?: number;
  /** Words in an epoch. */
  perEpoch: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Does the epoch, counted from 0; default: gives its number as the job to the lanes. */
  run: (epoch: number) => Promise<unknown>;
  /** Called after each epoch, with its mean loss. */
  afterEpoch?: ((epoch: number, loss: number) => Promise<void>) | undefined;
}

/** Gives the mean loss of each epoch. Rejects with the signal's reason when aborted; throws `invalid-argument` when the loss becomes NaN. */
export async function runEpochs(group: LaneGroup, options: EpochsOptions): Promise<number[]> {
  const { epochs, finished = 0, perEpoch, signal, onProgress, run, afterEpoch } = options;
  const { control } = group;
  const started = performance.now();
  const losses: number[] = [];
  let epoch = Math.floor(finished);
  const progress = (): TrainingProgress => {
    const { done, loss, losses: count } = control.totals();
    const speed = (done / (performance.now() - started)) * 1000;
    const total = (epochs - finished) * perEpoch;
    const fraction = Math.min(1, (finished + done / perEpoch) / epochs);
    const secondsLeft = speed > 0 ? Math.max(0, (total - done) / speed) : Infinity;
    return {
      epoch: Math.min(epoch + 1, epochs),
      epochs,
      fraction,
      done: finished * perEpoch + done,
      speed,
      loss: loss / count,
      secondsLeft,
    };
  };
  const stop = (): void => control.stop();
  let failure: { error: unknown } | undefined;
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop);
  const timer = setInterval(() => {
    const now = progress();
    try {
      if (Number.isNaN(now.loss) && control.totals().losses > 0) stop();
      else onProgress?.(now);
    } catch (error) {
      // An error in a timer would end the process.
      failure = { error };
      stop();
    }
  }, REPORT);
  try {
    for (; epoch < epochs; epoch += 1) {
      control.begin();
      await run(epoch);
      signal?.throwIfAborted();
      if (failure) throw failure.error;
      const { loss, losses: count } = control.totals();
      if (count > 0 && !Number.isFinite(loss)) throw notANumber(epoch);
      losses.push(loss / count);
      await afterEpoch?.(epoch, loss / count);
    }
    epoch = epochs - 1;
    onProgress?.({ ...progress(), fraction: 1, secondsLeft: 0 });
    return losses;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", stop);
  }
}

function notANumber(epoch: number): SemspaceError {
  const message = `The loss became NaN in epoch ${epoch + 1}: the vectors have grown beyond all bounds. Use a smaller learningRate.`;
  return new SemspaceError("invalid-argument", message);
}
