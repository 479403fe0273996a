/** Cosines or euclidean distances of every row with every row, and the way back: what losses on whole batches are made of. */
import { Matrix } from "../../matrix/index.ts";
import { rowProducts, weightedRows } from "./batch-products.ts";

export interface BatchScores {
  /** [rows of a, rows of b] */
  readonly values: Matrix;
  /** Adds to the derivatives by both sides what follows from the derivative by each value. For a batch with itself both are the same matrix. */
  back(derivative: Matrix, a: Matrix, b: Matrix): void;
}

/** A vector of zeros has cosine 0 with all, and no derivative. */
export function cosinesOf(a: Matrix, b: Matrix): BatchScores {
  const left = unitRows(a);
  const right = a === b ? left : unitRows(b);
  return {
    values: rowProducts(left.units, right.units),
    back(derivative, toA, toB) {
      addUnits(toA, weightedRows(transposed(derivative), right.units), left);
      addUnits(toB, weightedRows(derivative, left.units), right);
    },
  };
}

/** Distances by dot products, as the triplet losses of sentence-transformers take them; equal rows have no derivative. */
export function distancesOf(a: Matrix, b: Matrix): BatchScores {
  const values = rowProducts(a, b);
  const [squaresA, squaresB] = [squaresOf(a), squaresOf(b)];
  for (let i = 0; i < a.rows; i += 1) {
    for (let j = 0; j < b.rows; j += 1) {
      const at = i * b.rows + j;
      const isItself = a === b && i === j;
      values.data[at] = isItself ? 0 : Math.sqrt(Math.max(0, squaresA[i] + squaresB[j] - 2 * values.data[at]));
    }
  }
  return {
    values,
    back(derivative, toA, toB) {
      const weights = new Matrix(
        derivative.data.map((each, i) => (values.data[i] === 0 ? 0 : each / values.data[i])),
        a.rows,
        b.rows,
      );
      addDifferences(toA, { weights, own: a, others: weightedRows(transposed(weights), b) });
      addDifferences(toB, { weights: transposed(weights), own: b, others: weightedRows(weights, a) });
    },
  };
}

interface Units {
  units: Matrix;
  /** One over the length that each row had; 0 where it had none. */
  inverses: Float64Array;
}

function unitRows(matrix: Matrix): Units {
  const squares = squaresOf(matrix);
  const inverses = squares.map((square) => (square > 1e-24 ? 1 / Math.sqrt(square) : 0));
  const data = matrix.data.map((value, i) => value * inverses[Math.floor(i / matrix.columns)]);
  return { units: new Matrix(data, matrix.rows, matrix.columns), inverses };
}

/** From the derivative by vectors of length 1 to that by the vectors as they were. */
function addUnits(to: Matrix, gradient: Matrix, { units, inverses }: Units): void {
  for (let i = 0; i < to.rows; i += 1) {
    const [row, unit, sum] = [gradient.row(i), units.row(i), to.row(i)];
    let along = 0;
    for (let k = 0; k < row.length; k += 1) along += row[k] * unit[k];
    for (let k = 0; k < row.length; k += 1) sum[k] += inverses[i] * (row[k] - along * unit[k]);
  }
}

/** Σ weight (own − other), of each row. */
function addDifferences(to: Matrix, { weights, own, others }: { weights: Matrix; own: Matrix; others: Matrix }): void {
  for (let i = 0; i < to.rows; i += 1) {
    let total = 0;
    for (const weight of weights.row(i)) total += weight;
    const [row, other, sum] = [own.row(i), others.row(i), to.row(i)];
    for (let k = 0; k < row.length; k += 1) sum[k] += total * row[k] - other[k];
  }
}

function transposed({ data, rows, columns }: Matrix): Matrix {
  const out = Matrix.zeros(columns, rows);
  for (let i = 0; i < rows; i += 1) for (let j = 0; j < columns; j += 1) out.data[j * rows + i] = data[i * columns + j];
  return out;
}

function squaresOf({ data, rows, columns }: Matrix): Float64Array {
  const squares = new Float64Array(rows);
  for (let i = 0; i < data.length; i += 1) squares[Math.floor(i / columns)] += data[i] ** 2;
  return squares;
}
