/** The weights of a drawn model as parameters of an optimizer. */
import type { Weight } from "../gradient/trainable.ts";
import type { Parameter } from "../parameters.ts";

/** Gains of a normalisation and biases do not decay, as in transformers' Trainer. */
export function parametersOf(
  weights: ReadonlyMap<string, Weight>,
  trained: (name: string) => boolean = () => true,
): Parameter[] {
  return [...weights]
    .filter(([name]) => trained(name))
    .map(([name, { value, shape }]) => ({ name, value, shape, decay: shape.length > 1 }));
}
