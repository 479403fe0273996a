/**
 * Adagrad (Duchi, Hazan & Singer 2011): each value's steps shrink with the root of the sum of its squared gradients.
 * Reference: torch.optim.Adagrad. Differs: weight decay is apart from the gradient, as in AdamW. A row without a gradient rests by itself.
 */
import { SemspaceError } from "../../errors.ts";
import { type Parameter, parameterOf, rowLength } from "../parameters.ts";
import { type Optimizer, type OptimizerSettings, restoreState } from "./optimizer.ts";

export function adagrad(parameters: readonly Parameter[], options: OptimizerSettings = {}): Optimizer {
  const { epsilon = 1e-10, weightDecay = 0 } = options;
  if (!(epsilon > 0) || !(weightDecay >= 0)) {
    throw new SemspaceError(
      "invalid-argument",
      `epsilon must be above 0 and weightDecay at least 0, got ${epsilon} and ${weightDecay}.`,
    );
  }
  const state = Object.fromEntries(
    parameters.map(({ name, value }) => [`${name}.squares`, new Float32Array(value.length)]),
  );
  return {
    step(gradients, learningRate) {
      for (const gradient of gradients) {
        const parameter = parameterOf(gradient, parameters);
        const { name, value, decay } = parameter;
        const arrays = { value, squares: state[`${name}.squares`] };
        const step = { size: learningRate, shrink: decay ? 1 - learningRate * weightDecay : 1, epsilon };
        if (gradient.dense) update(arrays, { from: 0, gradient: gradient.dense }, step);
        if (!gradient.rows) continue;
        const { ids, values } = gradient.rows;
        const columns = rowLength(parameter);
        for (let i = 0; i < ids.length; i += 1) {
          update(arrays, { from: ids[i] * columns, gradient: values.subarray(i * columns, (i + 1) * columns) }, step);
        }
      }
    },
    state: () => state,
    restore: (saved) => restoreState(state, saved),
  };
}

function update(
  { value, squares }: { value: Float32Array; squares: Float32Array },
  { from, gradient }: { from: number; gradient: Float32Array },
  { size, shrink, epsilon }: { size: number; shrink: number; epsilon: number },
): void {
  for (let k = 0; k < gradient.length; k += 1) {
    const i = from + k;
    const g = gradient[k];
    const sum = squares[i] + g * g;
    squares[i] = sum;
    value[i] = value[i] * shrink - (size * g) / (Math.sqrt(sum) + epsilon);
  }
}
