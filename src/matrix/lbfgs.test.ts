import { expect, test } from "vitest";
import { minimize } from "./lbfgs.ts";

/** Rosenbrock's valley, minimum 0 at (1, 1): the classical test of a line search. */
function valley(x: Float64Array, gradient: Float64Array): number {
  const [a, b] = x;
  gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
  gradient[1] = 200 * (b - a * a);
  return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
}

test("the bottom of Rosenbrock's valley is found in few steps", () => {
  const minimum = minimize(valley, Float64Array.of(-1.2, 1), { tolerance: 1e-8 });
  expect(minimum.converged).toBe(true);
  expect(minimum.iterations).toBeLessThan(60);
  expect(minimum.x[0]).toBeCloseTo(1, 7);
  expect(minimum.x[1]).toBeCloseTo(1, 7);
});

test("a quadratic of 50 very unequal curvatures is minimised, whatever the first step's length", () => {
  for (const scale of [1e-6, 1, 1e6]) {
    const minimum = minimize(
      (x, gradient) => {
        let value = 0;
        for (let i = 0; i < x.length; i += 1) {
          gradient[i] = scale * (i + 1) * (x[i] - i);
          value += (scale * (i + 1) * (x[i] - i) ** 2) / 2;
        }
        return value;
      },
      new Float64Array(50),
      { tolerance: scale * 1e-6, maxIterations: 500 },
    );
    expect(minimum.converged).toBe(true);
    for (const [i, value] of minimum.x.entries()) expect(value).toBeCloseTo(i, 5);
  }
});

test("a start at the minimum needs no step, and the start is not written to", () => {
  const start = Float64Array.of(1, 1);
  expect(minimize(valley, start)).toMatchObject({ iterations: 0, converged: true, value: 0 });
  const far = Float64Array.of(-1.2, 1);
  minimize(valley, far);
  expect([...far]).toEqual([-1.2, 1]);
});

test("running out of iterations, or a tolerance below floating point, is told and not an error", () => {
  expect(minimize(valley, Float64Array.of(-1.2, 1), { maxIterations: 2 })).toMatchObject({
    iterations: 2,
    converged: false,
  });
  const stuck = minimize(valley, Float64Array.of(-1.2, 1), { tolerance: 0, maxIterations: 1000 });
  expect(stuck.value).toBeLessThan(1e-20);
});
