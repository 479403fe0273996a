/** What the progress bar of `semspace train` says behind its share. */
import type { TrainProgress } from "../../training/train-options.ts";
import { duration } from "./training-note.ts";

/** @example trainNote(progress); // "epoch 1/3 · loss 2.31 · score 0.812 · 1 min 20 s left" */
export function trainNote({ epoch, epochs, loss, score, secondsLeft }: TrainProgress): string {
  const parts = [`epoch ${epoch}/${epochs}`, `loss ${loss.toPrecision(3)}`];
  if (score !== undefined) parts.push(`score ${score.toFixed(3)}`);
  if (Number.isFinite(secondsLeft)) parts.push(`${duration(secondsLeft)} left`);
  return parts.join(" · ");
}
