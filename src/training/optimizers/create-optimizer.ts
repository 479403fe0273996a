/** An optimizer by its name. */
import { oneOf } from "../../errors.ts";
import type { Parameter } from "../parameters.ts";
import { adagrad } from "./adagrad.ts";
import { adamW } from "./adamw.ts";
import { type Optimizer, optimizerNames, type OptimizerSettings } from "./optimizer.ts";

/** Throws `invalid-argument` for an unknown name or numbers out of range. */
export function createOptimizer(parameters: readonly Parameter[], settings: OptimizerSettings = {}): Optimizer {
  const name = oneOf("optimizer", settings.optimizer ?? "adamw", optimizerNames);
  return name === "adamw" ? adamW(parameters, settings) : adagrad(parameters, settings);
}
