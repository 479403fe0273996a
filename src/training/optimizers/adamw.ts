/**
 * AdamW (Loshchilov & Hutter 2019): steps by the mean of the gradients over the root of the mean of their squares, weight decay apart.
 * Reference: torch.optim.AdamW. Differs: a gradient by rows is taken as a dense one with zeros elsewhere (`rows: "all"`), or
 * leaves the other rows alone (`rows: "touched"`, as torch.optim.SparseAdam: no catching up of what they missed).
 */
import { oneOf, SemspaceError } from "../../errors.ts";
import { type Gradient, type Parameter, parameterOf, rowLength } from "../parameters.ts";
import { type Optimizer, type OptimizerSettings, restoreState } from "./optimizer.ts";

/** The numbers of one step that are the same for all values. */
export interface AdamWStep {
  /** Learning rate over the first moment's correction. */
  size: number;
  /** 1 − learning rate × weight decay. */
  shrink: number;
  /** Root of the second moment's correction. */
  correction: number;
  beta1: number;
  beta2: number;
  epsilon: number;
}

export interface AdamWSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  rows: "all" | "touched";
}

/** Throws `invalid-argument` for numbers out of range. */
export function adamWSettings(settings: OptimizerSettings): AdamWSettings {
  const { betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0 } = settings;
  const rows = oneOf("rows", settings.rows ?? "all", ["all", "touched"]);
  for (const beta of betas) {
    if (!(beta >= 0 && beta < 1)) {
      throw new SemspaceError("invalid-argument", `betas must be from 0 to below 1, got ${betas.join(", ")}.`);
    }
  }
  if (!(epsilon > 0) || !(weightDecay >= 0)) {
    throw new SemspaceError(
      "invalid-argument",
      `epsilon must be above 0 and weightDecay at least 0, got ${epsilon} and ${weightDecay}.`,
    );
  }
  return { beta1: betas[0], beta2: betas[1], epsilon, weightDecay, rows };
}

/** The numbers of step `count` (1 for the first). */
export function adamWStep(settings: AdamWSettings, count: number, learningRate: number): Omit<AdamWStep, "shrink"> {
  const { beta1, beta2, epsilon } = settings;
  return {
    size: learningRate / (1 - beta1 ** count),
    correction: Math.sqrt(1 - beta2 ** count),
    ...{ beta1, beta2, epsilon },
  };
}

export function adamW(parameters: readonly Parameter[], options: OptimizerSettings = {}): Optimizer {
  const settings = adamWSettings(options);
  const steps = new Float32Array(1);
  const state: Record<string, Float32Array> = { steps };
  for (const { name, value } of parameters) {
    state[`${name}.mean`] = new Float32Array(value.length);
    state[`${name}.square`] = new Float32Array(value.length);
  }
  return {
    step(gradients, learningRate) {
      steps[0] += 1;
      const common = adamWStep(settings, steps[0], learningRate);
      for (const gradient of gradients) {
        const parameter = parameterOf(gradient, parameters);
        const { name, value, decay } = parameter;
        const step = { ...common, shrink: decay ? 1 - learningRate * settings.weightDecay : 1 };
        const arrays = { value, mean: state[`${name}.mean`], square: state[`${name}.square`] };
        if (gradient.dense) update(arrays, { gradient: gradient.dense, ...range(0, value.length) }, step);
        if (gradient.rows) updateRows(arrays, { ...gradient.rows, parameter, settings }, step);
      }
    },
    state: () => state,
    restore: (saved) => restoreState(state, saved),
  };
}

interface Arrays {
  value: Float32Array;
  mean: Float32Array;
  square: Float32Array;
}

interface Part {
  from: number;
  to: number;
  /** Of the values `from … to`; undefined is zero. */
  gradient: Float32Array | undefined;
}

function range(from: number, to: number): { from: number; to: number } {
  return { from, to };
}

function updateRows(
  arrays: Arrays,
  rows: NonNullable<Gradient["rows"]> & { parameter: Parameter; settings: AdamWSettings },
  step: AdamWStep,
): void {
  const { ids, values, parameter, settings } = rows;
  const columns = rowLength(parameter);
  let next = 0;
  for (let i = 0; i < ids.length; i += 1) {
    const from = ids[i] * columns;
    if (settings.rows === "all" && from > next) update(arrays, { gradient: undefined, ...range(next, from) }, step);
    const gradient = values.subarray(i * columns, (i + 1) * columns);
    update(arrays, { gradient, ...range(from, from + columns) }, step);
    next = from + columns;
  }
  if (settings.rows === "all") update(arrays, { gradient: undefined, ...range(next, arrays.value.length) }, step);
}

/** In float64, rounded when stored: torch rounds every operation to float32, so that single values differ by about 1e-7 of themselves. */
function update({ value, mean, square }: Arrays, { from, to, gradient }: Part, step: AdamWStep): void {
  const { size, shrink, correction, beta1, beta2, epsilon } = step;
  const canRest = gradient === undefined && shrink === 1;
  for (let i = from; i < to; i += 1) {
    // Rows of a table that no batch has had yet: nothing would change.
    if (canRest && mean[i] === 0 && square[i] === 0) continue;
    const g = gradient ? gradient[i - from] : 0;
    const m = mean[i] + (1 - beta1) * (g - mean[i]);
    const v = beta2 * square[i] + (1 - beta2) * g * g;
    mean[i] = m;
    square[i] = v;
    value[i] = value[i] * shrink - (size * m) / (Math.sqrt(v) / correction + epsilon);
  }
}
