/** What the progress bar of a training says behind its share: epoch, speed, loss, time left. */
import type { CountProgress, TrainingProgress } from "../../words/index.ts";
import type { Progress } from "../progress.ts";

/** Shows a training's progress; `unit` is what its speed counts. */
export function showTraining(bar: Progress, unit: string): (progress: TrainingProgress) => void {
  return (progress) =>
    bar.update("training", Math.round(progress.fraction * 1000), 1000, { note: trainingNote(progress, unit) });
}

/** @example trainingNote(progress, "words"); // "epoch 2/5 · 1.31 M words/s · 1 min 20 s left · loss 2.31" */
export function trainingNote({ epoch, epochs, speed, loss, secondsLeft }: TrainingProgress, unit: string): string {
  const parts = [`epoch ${epoch}/${epochs}`, `${rounded(speed)} ${unit}/s`];
  if (Number.isFinite(secondsLeft)) parts.push(`${duration(secondsLeft)} left`);
  if (Number.isFinite(loss)) parts.push(`loss ${loss.toPrecision(3)}`);
  return parts.join(" · ");
}

/** @example countingNote(progress); // "1.31 M words/s · 20.1 M cells · 12 s left" */
export function countingNote({ phase, cells, speed, secondsLeft }: CountProgress): string {
  const parts = [`${rounded(speed)} ${phase === "counting" ? "words" : "cells"}/s`, `${rounded(cells)} cells`];
  if (Number.isFinite(secondsLeft)) parts.push(`${duration(secondsLeft)} left`);
  return parts.join(" · ");
}

function rounded(count: number): string {
  if (count >= 999_500) return `${(count / 1e6).toPrecision(3)} M`;
  if (count >= 1000) return `${Math.round(count / 1000)} k`;
  return `${Math.round(count)}`;
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
