import { expect, test } from "vitest";
import { randomMatrix } from "../../../test/random-matrix.ts";
import { Matrix } from "../../matrix/index.ts";
import { alignStart } from "./align-start.ts";
import { foldWhitening } from "./fold-whitening.ts";
import { targetsOf } from "./target-basis.ts";
import { tokenLearningLoss } from "./token-learning-loss.ts";

const [rows, columns] = [7, 6];
const vectors = randomMatrix(rows, columns, 1);
const targets = randomMatrix(rows, columns, 2);

/** The formula as it is written, in double precision. */
function plainValue(own: Matrix, dimensions: readonly number[], weight: number): number {
  const unit = (matrix: Matrix, i: number, size: number): number[] => {
    const row = [...matrix.row(i).subarray(0, size)];
    return row.map((value) => value / Math.hypot(...row));
  };
  const cosine = (a: number[], b: number[]): number => a.reduce((sum, value, j) => sum + value * b[j], 0);
  const softmax = (matrix: Matrix, i: number, size: number): number[] => {
    const powers = Array.from({ length: rows }, (_, j) =>
      i === j ? 0 : Math.exp(cosine(unit(matrix, i, size), unit(matrix, j, size)) / 0.1),
    );
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  };
  let value = 0;
  for (const size of dimensions) {
    for (let i = 0; i < rows; i += 1) {
      const [p, q] = [softmax(targets, i, columns), softmax(own, i, size)];
      const divergence = p.reduce((sum, x, j) => (i === j ? sum : sum + x * Math.log(x / q[j])), 0);
      value += 1 - cosine(unit(own, i, size), unit(targets, i, size)) + weight * divergence;
    }
  }
  return value / rows / dimensions.length;
}

test.each([
  { dimensions: [6], neighbours: 0.3 },
  { dimensions: [6, 3, 2], neighbours: 0.3 },
  { dimensions: [6], neighbours: 0 },
])(
  "the loss is its formula and the gradient its finite differences: $dimensions, $neighbours",
  ({ dimensions, neighbours }) => {
    const loss = tokenLearningLoss({ dimensions, neighbours });
    const { value, gradients } = loss.evaluate([vectors], targets.data);
    expect(value).toBeCloseTo(plainValue(vectors, dimensions, neighbours), 5);
    for (let k = 0; k < vectors.data.length; k += 1) {
      const moved = (by: number): number => {
        const data = Float32Array.from(vectors.data);
        data[k] += by;
        return plainValue(new Matrix(data, rows, columns), dimensions, neighbours);
      };
      expect(gradients[0].data[k]).toBeCloseTo((moved(1e-3) - moved(-1e-3)) / 2e-3, 3);
    }
  },
);

test("vectors on their targets have no loss and nothing to learn", () => {
  const { value, gradients } = tokenLearningLoss().evaluate([targets], targets.data);
  expect(value).toBeCloseTo(0, 5);
  for (const gradient of gradients[0].data) expect(gradient).toBeCloseTo(0, 5);
});

test("a vector of zeros has a finite gradient", () => {
  const zeros = Matrix.zeros(3, columns);
  const { gradients } = tokenLearningLoss().evaluate([zeros], targets.data.subarray(0, 3 * columns));
  expect(gradients[0].data.every(Number.isFinite)).toBe(true);
});

test("targets of another shape, a second column and wrong options are refused", () => {
  expect(() => tokenLearningLoss().evaluate([vectors], targets.data.subarray(1))).toThrow(
    "got 1 columns and 41 values for 7 rows",
  );
  expect(() => tokenLearningLoss().evaluate([vectors, vectors], targets.data)).toThrow("takes one column");
  expect(() => tokenLearningLoss({ temperature: 0 })).toThrow("temperature above 0");
});

test("targets are the nearest subspace: cosines among texts that lie in it stay", () => {
  const plane = randomMatrix(2, 5, 3);
  const flat = Matrix.zeros(40, 5);
  const weights = randomMatrix(40, 2, 4);
  for (let i = 0; i < 40; i += 1)
    for (let j = 0; j < 5; j += 1)
      flat.data[i * 5 + j] = weights.data[2 * i] * plane.data[j] + weights.data[2 * i + 1] * plane.data[5 + j];
  const reduced = targetsOf(flat, 2);
  const cosine = (m: Matrix, a: number, b: number): number =>
    m.row(a).reduce((sum, value, j) => sum + value * m.row(b)[j], 0) /
    Math.hypot(...m.row(a)) /
    Math.hypot(...m.row(b));
  for (let i = 1; i < 40; i += 1) expect(cosine(reduced, 0, i)).toBeCloseTo(cosine(flat, 0, i), 4);
  expect(() => targetsOf(flat, 6)).toThrow("6 dimensions cannot be learnt from 40 vectors of 5");
});

test("the start is turned and scaled onto the targets", () => {
  const table = randomMatrix(20, 3, 5);
  const means = Matrix.fromRows(Array.from({ length: 20 }, (_, i) => table.row(i)));
  const turned = Matrix.fromRows(
    Array.from({ length: 20 }, (_, i) =>
      Float32Array.of(-2 * table.row(i)[1], 2 * table.row(i)[0], 2 * table.row(i)[2]),
    ),
  );
  alignStart(table, { means, targets: turned });
  for (const [k, value] of table.data.entries()) expect(value).toBeCloseTo(turned.data[k], 4);
});

test("whitening of power 1 makes all directions of the texts alike, with and without a turn", () => {
  for (const turn of [true, false]) {
    const table = randomMatrix(200, 3, 6);
    for (let i = 0; i < 200; i += 1) table.data[3 * i] *= 9;
    const units = Matrix.fromRows(
      Array.from({ length: 200 }, (_, i) => table.row(i).map((value) => value / Math.hypot(...table.row(i)))),
    );
    foldWhitening(table, units, { power: 1, turn });
    foldWhitening(units, units, { power: 1, turn });
    const squares = [0, 0, 0];
    for (const [k, value] of units.data.entries()) squares[k % 3] += value * value;
    expect(squares[1] / squares[0]).toBeCloseTo(1, 3);
    expect(squares[2] / squares[0]).toBeCloseTo(1, 3);
    expect(table.data.every(Number.isFinite)).toBe(true);
  }
});
