/** What an optimizer is to the trainer. */
import { SemspaceError } from "../../errors.ts";
import type { Gradient } from "../parameters.ts";

export const optimizerNames = ["adamw", "adagrad"] as const;
export type OptimizerName = (typeof optimizerNames)[number];

export interface OptimizerSettings {
  /** Default "adamw". */
  optimizer?: OptimizerName | undefined;
  /** Default 0. Applies to the parameters that have `decay`. */
  weightDecay?: number | undefined;
  /** AdamW: how fast the means of the gradients and of their squares forget. Default [0.9, 0.999]. */
  betas?: readonly [number, number] | undefined;
  /** Added to the root of the squares. Default 1e-8, Adagrad 1e-10. */
  epsilon?: number | undefined;
  /**
   * What happens to the rows of a table that have no gradient in a step. "all" (default): they go on with their momentum, as torch's
   * AdamW does with a dense gradient; "touched": they rest, as with torch's SparseAdam.
   */
  rows?: "all" | "touched" | undefined;
}

export interface Optimizer {
  /** One step over all parameters; those without a gradient rest. */
  step(gradients: readonly Gradient[], learningRate: number): void;
  /** What it remembers, by name: views, for a checkpoint. */
  state(): Record<string, Float32Array>;
  /** Goes on from a state. Throws `mismatch` when it is of other parameters. */
  restore(state: Readonly<Record<string, Float32Array>>): void;
}

/** Copies the saved values over the optimizer's own. */
export function restoreState(
  own: Readonly<Record<string, Float32Array>>,
  saved: Readonly<Record<string, Float32Array>>,
): void {
  for (const [name, values] of Object.entries(own)) {
    const from = Object.hasOwn(saved, name) ? saved[name] : undefined;
    if (from?.length !== values.length) {
      throw new SemspaceError(
        "mismatch",
        `The optimizer's state "${name}" has ${from ? `${from.length} values` : "no values"} in the checkpoint, ${values.length} are needed. Resume with the model and the optimizer that the checkpoint was made with.`,
      );
    }
    values.set(from);
  }
}
