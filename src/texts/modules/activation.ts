/** The activation functions that a Dense module can name, by the last segment of torch's path ("torch.nn.modules.activation.Tanh"). */
import { SemspaceError } from "../../errors.ts";

const activations: Readonly<Record<string, (x: number) => number>> = {
  Identity: (x) => x,
  Tanh: Math.tanh,
  ReLU: (x) => Math.max(0, x),
  LeakyReLU: (x) => (x > 0 ? x : 0.01 * x),
  ELU: (x) => (x > 0 ? x : Math.expm1(x)),
  Sigmoid: sigmoid,
  SiLU: (x) => x * sigmoid(x),
  GELU: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  Softplus: (x) => (x > 20 ? x : Math.log1p(Math.exp(x))),
};

/** Throws `unsupported` for a function that is not one of torch's above, and lists them. */
export function activationOf(path: string): (x: number) => number {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const known = path.startsWith("torch.") && Object.hasOwn(activations, name);
  if (known) return activations[name];
  throw new SemspaceError(
    "unsupported",
    `Unknown activation_function "${path}". Use one of torch.nn.modules.activation: ${Object.keys(activations).join(", ")}.`,
  );
}

/** Between 0 and 1. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Error function, by the Chebyshev fit of erfc in Numerical Recipes (§6.2): relative error below 1.2e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const fit = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  ];
  const polynomial = fit.reduce((value, coefficient) => value * t + coefficient, 0) * t - 1.26551223;
  const complement = t * Math.exp(-x * x + polynomial);
  return x >= 0 ? 1 - complement : complement - 1;
}
