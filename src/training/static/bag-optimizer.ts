/** AdamW over a table in the kernel's memory; what adamw.ts computes, to float32's rounding. Adagrad is that of plain TypeScript. */
import type { EmbeddingBagKernel } from "../../kernels/embedding-bag.ts";
import { adamWSettings, adamWStep } from "../optimizers/adamw.ts";
import { createOptimizer } from "../optimizers/create-optimizer.ts";
import { type Optimizer, type OptimizerSettings, restoreState } from "../optimizers/optimizer.ts";
import type { Parameter } from "../parameters.ts";

export function bagOptimizer(
  kernel: EmbeddingBagKernel,
  parameters: readonly Parameter[],
  options: OptimizerSettings,
): Optimizer {
  if ((options.optimizer ?? "adamw") !== "adamw") return createOptimizer(parameters, options);
  const settings = adamWSettings(options);
  const steps = new Float32Array(1);
  const { name } = parameters[0];
  const state = (): Record<string, Float32Array> => {
    const { mean, square } = kernel.moments;
    return { steps, [`${name}.mean`]: mean, [`${name}.square`]: square };
  };
  for (const values of Object.values(state())) values.fill(0);
  return {
    step(gradients, learningRate) {
      steps[0] += 1;
      const step = adamWStep(settings, steps[0], learningRate);
      const shrink = 1 - learningRate * settings.weightDecay;
      for (const { rows } of gradients)
        if (rows) kernel.adamW(rows, { ...step, shrink, touched: settings.rows === "touched" });
    },
    state,
    restore: (saved) => restoreState(state(), saved),
  };
}
