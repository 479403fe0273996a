/**
 * Matryoshka (Kusupati et al. 2022): a loss on the first dimensions of the vectors as well, so that they can be cut.
 * Reference: sentence-transformers 6.2 `MatryoshkaLoss`: every cut is normalised (the longest one too), the losses are weighted and summed.
 * Differs: a ranking loss takes all cuts in one go, which costs as much as the longest alone.
 */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import type { Gradient } from "../parameters.ts";
import type { Labels, Loss, LossResult } from "./loss.ts";
import type { RankingLoss } from "./multiple-negatives-ranking.ts";

export interface MatryoshkaOptions {
  /** Lengths that the vectors will be cut to, the whole among them as a rule. */
  dimensions: readonly number[];
  /** Of each length. Default: 1 each. */
  weights?: readonly number[];
  /** So many lengths a batch, drawn anew for each from its vectors and the seed. Default: all. */
  perStep?: number;
  /** Default 42. */
  seed?: number;
}

/**
 * Wraps a loss. Throws `invalid-argument` for lengths and weights that do not go together; `evaluate` throws `mismatch` for a length that
 * the vectors do not have.
 *
 * @example
 * losses.matryoshka(losses.multipleNegativesRanking(), { dimensions: [256, 128, 64] });
 */
export function matryoshka(inner: Loss, { dimensions, weights, perStep, seed = 42 }: MatryoshkaOptions): Loss {
  const cuts = checkedCuts(dimensions, weights);
  if (perStep !== undefined) wholeNumber("perStep", perStep, 1);
  return {
    name: `Matryoshka(${inner.name})`,
    ...(inner.parameters && { parameters: inner.parameters }),
    evaluate(columns, labels) {
      const width = columns[0]?.columns ?? 0;
      const tooLong = cuts.find(({ length }) => length > width);
      if (tooLong)
        throw new SemspaceError(
          "mismatch",
          `Matryoshka cuts to ${tooLong.length} dimensions, the vectors have ${width}.`,
        );
      const chosen = perStep === undefined ? cuts : drawn(cuts, perStep, batchSeed(columns[0].data, seed));
      return together(inner, columns, chosen) ?? oneByOne(inner, { columns, labels, cuts: chosen });
    },
  };
}

interface Cut {
  length: number;
  weight: number;
}

/** Ascending. */
function checkedCuts(dimensions: readonly number[], weights: readonly number[] = dimensions.map(() => 1)): Cut[] {
  if (dimensions.length === 0 || weights.length !== dimensions.length || new Set(dimensions).size < dimensions.length) {
    throw new SemspaceError(
      "invalid-argument",
      `Matryoshka needs different dimensions and a weight for each, got [${dimensions.join(", ")}] and [${weights.join(", ")}].`,
    );
  }
  return dimensions
    .map((length, i) => ({ length: wholeNumber("dimensions", length, 1), weight: weights[i] }))
    .toSorted((a, b) => a.length - b.length);
}

/** A loss is a function of its input alone, so that a training which goes on from a checkpoint draws as before. */
function batchSeed(values: Float32Array, seed: number): number {
  return new Int32Array(values.slice(0, 16).buffer).reduce((mixed, bits) => Math.imul(mixed ^ bits, 0x85ebca6b), seed);
}

function drawn(cuts: readonly Cut[], count: number, seed: number): Cut[] {
  const random = randomNumbers(seed);
  const left = [...cuts];
  while (left.length > count) left.splice(Math.floor(random() * left.length), 1);
  return left;
}

/** All cuts at once, where the loss knows how. */
function together(inner: Loss, columns: readonly Matrix[], cuts: readonly Cut[]): LossResult | undefined {
  return "evaluateCuts" in inner ? (inner as RankingLoss).evaluateCuts(columns, cuts) : undefined;
}

function oneByOne(
  inner: Loss,
  { columns, labels, cuts }: { columns: readonly Matrix[]; labels: Labels | undefined; cuts: readonly Cut[] },
): LossResult {
  const gradients = columns.map(({ rows, columns: width }) => Matrix.zeros(rows, width));
  const parameterGradients: Gradient[] = [];
  let value = 0;
  for (const { length, weight } of cuts) {
    const heads = columns.map((column) => headOf(column, length));
    const result = inner.evaluate(
      heads.map(({ vectors }) => vectors),
      labels,
    );
    value += weight * result.value;
    for (const [c, gradient] of result.gradients.entries()) addHead(gradients[c], gradient, { head: heads[c], weight });
    for (const { parameter, dense } of result.parameterGradients ?? [])
      parameterGradients.push({ parameter, dense: dense?.map((each) => each * weight) });
  }
  return { value, gradients, ...(parameterGradients.length > 0 && { parameterGradients }) };
}

interface Head {
  /** The first dimensions, of length 1. */
  vectors: Matrix;
  /** One over the length that they had; 0 where they had none. */
  inverses: Float64Array;
}

function headOf({ data, rows, columns }: Matrix, length: number): Head {
  const vectors = Matrix.zeros(rows, length);
  const inverses = new Float64Array(rows);
  for (let i = 0; i < rows; i += 1) {
    let squares = 0;
    for (let k = 0; k < length; k += 1) squares += data[i * columns + k] ** 2;
    inverses[i] = squares > 1e-24 ? 1 / Math.sqrt(squares) : 0;
    for (let k = 0; k < length; k += 1) vectors.data[i * length + k] = data[i * columns + k] * inverses[i];
  }
  return { vectors, inverses };
}

/** Back through the normalisation. */
function addHead(sum: Matrix, { data }: Matrix, { head, weight }: { head: Head; weight: number }): void {
  const { vectors, inverses } = head;
  const length = vectors.columns;
  for (const [i, inverse] of inverses.entries()) {
    let along = 0;
    for (let k = 0; k < length; k += 1) along += data[i * length + k] * vectors.data[i * length + k];
    for (let k = 0; k < length; k += 1) {
      const at = i * length + k;
      sum.data[i * sum.columns + k] += weight * inverse * (data[at] - along * vectors.data[at]);
    }
  }
}
