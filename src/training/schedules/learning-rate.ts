/** The learning rate of each step: up linearly during the warm-up, then as the schedule says. Reference: transformers 5.3 `get_*_schedule`. */
import { oneOf, SemspaceError } from "../../errors.ts";

export const scheduleNames = ["linear", "cosine", "constant"] as const;
export type ScheduleName = (typeof scheduleNames)[number];

export interface ScheduleOptions {
  /** The highest rate. */
  learningRate: number;
  /** Share of all steps (below 1) or steps (from 1 on) that lead up to it. */
  warmup: number;
  schedule: ScheduleName;
  /** Steps of the whole training. */
  steps: number;
}

/** The rate of step 0, 1, 2 …; 0 behind the last. Throws `invalid-argument` for numbers out of range. */
export function learningRates({ learningRate, warmup, schedule, steps }: ScheduleOptions): (step: number) => number {
  oneOf("schedule", schedule, scheduleNames);
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new SemspaceError("invalid-argument", `learningRate must be above 0, got ${learningRate}.`);
  }
  if (!(warmup >= 0 && Number.isFinite(warmup))) {
    throw new SemspaceError(
      "invalid-argument",
      `warmup must be a share of the steps from 0 to below 1 or a number of steps, got ${warmup}.`,
    );
  }
  const up = warmup < 1 ? Math.ceil(steps * warmup) : warmup;
  return (step) => {
    if (step < up) return (learningRate * step) / Math.max(1, up);
    if (schedule === "constant") return learningRate;
    const left = Math.max(0, (steps - step) / Math.max(1, steps - up));
    return schedule === "linear" ? learningRate * left : learningRate * 0.5 * (1 + Math.cos(Math.PI * (1 - left)));
  };
}
