/**
 * L-BFGS: minimises a smooth function of many variables from its value and gradient, keeping the last few steps in
 * place of the Hessian (Nocedal and Wright, "Numerical Optimization", algorithm 7.4).
 *
 * The line search brackets and interpolates by cubics for the strong Wolfe conditions (ibid. 3.5 and 3.6), as
 * that of scipy's L-BFGS-B behind scikit-learn does in its own way (Moré and Thuente): they walk differently to the same minimum.
 * Done, as there, when the largest entry of the gradient is small.
 */

/** Writes the gradient at `x` into `gradient` and returns the value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  /** Done when no entry of the gradient is larger than this. Default 1e-4. */
  tolerance?: number;
  /** Default 100. */
  maxIterations?: number;
  /** Steps that are remembered. Default 10. */
  memory?: number;
  /** Relative error of the values, below which only slopes decide. Default: that of float64 arithmetic. */
  noise?: number;
}

export interface Minimum {
  x: Float64Array;
  value: number;
  iterations: number;
  /** False when the iterations ran out, or no lower value could be found within floating point. */
  converged: boolean;
}

interface Step {
  /** Change of x and of the gradient, and 1 / (their dot product). */
  s: Float64Array;
  y: Float64Array;
  rho: number;
}

interface Point {
  x: Float64Array;
  gradient: Float64Array;
  value: number;
}

/**
 * @example
 * minimize((x, gradient) => { gradient[0] = 2 * (x[0] - 3); return (x[0] - 3) ** 2; }, new Float64Array(1)).x; // [3]
 */
export function minimize(objective: Objective, start: Float64Array, options: MinimizeOptions = {}): Minimum {
  const { tolerance = 1e-4, maxIterations = 100, memory = 10, noise = 8 * Number.EPSILON } = options;
  const evaluate = (x: Float64Array): Point => {
    const gradient = new Float64Array(x.length);
    return { x, gradient, value: objective(x, gradient) };
  };
  const steps: Step[] = [];
  let point = evaluate(start.slice());
  let iterations = 0;
  while (largest(point.gradient) > tolerance) {
    if (iterations === maxIterations) return { x: point.x, value: point.value, iterations, converged: false };
    const direction = descent(point.gradient, steps);
    // Without a remembered step the direction has no scale; the first try then has length 1, as in L-BFGS-B.
    const length = steps.length === 0 ? 1 / Math.sqrt(dot(direction, direction)) : 1;
    const next = lineSearch(evaluate, point, direction, { length, noise });
    if (next === undefined) {
      if (steps.length === 0) return { x: point.x, value: point.value, iterations, converged: false };
      steps.length = 0; // the remembered curvature has gone stale: once more along the gradient itself
      continue;
    }
    const s = next.x.map((value, i) => value - point.x[i]);
    const y = next.gradient.map((value, i) => value - point.gradient[i]);
    const curvature = dot(s, y);
    if (curvature > 0) steps.push({ s, y, rho: 1 / curvature });
    if (steps.length > memory) steps.shift();
    point = next;
    iterations += 1;
  }
  return { x: point.x, value: point.value, iterations, converged: true };
}

/** Minus the inverse Hessian, as the remembered steps imply it, times the gradient: the two-loop recursion. */
function descent(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas = new Float64Array(steps.length);
  for (let i = steps.length - 1; i >= 0; i -= 1) {
    const { s, y, rho } = steps[i];
    alphas[i] = rho * dot(s, q);
    addScaled(q, y, -alphas[i]);
  }
  const last = steps.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i += 1) q[i] *= scale;
  }
  for (const [i, { s, y, rho }] of steps.entries()) addScaled(q, s, alphas[i] - rho * dot(y, q));
  return q;
}

/**
 * A point along `direction` that is lower by a share of what the slope promises, and whose slope is at most 0.9 of the
 * first in size (strong Wolfe conditions); undefined when there is none within floating point. `low` is the best end
 * of the bracket so far, `high` the other; the next try is the minimum of the cubic through both.
 */
function lineSearch(
  evaluate: (x: Float64Array) => Point,
  from: Point,
  direction: Float64Array,
  { length, noise: relative }: { length: number; noise: number },
): Point | undefined {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return undefined;
  // Near the minimum values differ by less than they are rounded; there only the slopes decide.
  const noise = relative * Math.abs(from.value);
  let low: Trial = { step: 0, value: from.value, slope };
  let high: Trial | undefined;
  let step = length;
  for (let tries = 0; tries < 40; tries += 1) {
    const next = evaluate(from.x.map((value, i) => value + step * direction[i]));
    const trial = { step, value: next.value, slope: dot(next.gradient, direction) };
    if (!(trial.value <= from.value + 1e-4 * step * slope + noise) || trial.value > low.value + noise) {
      high = trial;
    } else {
      if (Math.abs(trial.slope) <= -0.9 * slope) return next;
      // The minimum lies between the better end and where the slope turns.
      if (trial.slope * (high === undefined ? 1 : high.step - low.step) >= 0) high = low;
      low = trial;
    }
    step = high === undefined ? 4 * step : between(low, high);
  }
  return undefined;
}

interface Trial {
  step: number;
  value: number;
  slope: number;
}

/** The minimum of the cubic with these two values and slopes, kept a tenth away from the ends so that the bracket shrinks. */
function between(low: Trial, high: Trial): number {
  const width = high.step - low.step;
  const d1 = low.slope + high.slope - (3 * (high.value - low.value)) / width;
  const d2 = Math.sqrt(Math.max(0, d1 * d1 - low.slope * high.slope)) * Math.sign(width);
  const share = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2);
  return low.step + width * (share > 0.1 ? Math.min(share, 0.9) : Number.isNaN(share) ? 0.5 : 0.1);
}

function largest(values: Float64Array): number {
  let max = 0;
  for (const value of values) max = Math.max(max, Math.abs(value));
  return max;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

function addScaled(to: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i += 1) to[i] += factor * values[i];
}
