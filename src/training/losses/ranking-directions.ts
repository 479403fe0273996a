/**
 * The ranking loss with any of its directions, in plain TypeScript: scores of each direction, one softmax over all of them or one for each,
 * and the derivatives back through the scores to the vectors. Sums are kept in double precision.
 */
import { Matrix } from "../../matrix/index.ts";
import type { LossResult } from "./loss.ts";
import type { RankingDirection, RankingSettings } from "./multiple-negatives-ranking.ts";

/** Vectors of length 1 (or as they are), and one over the length that they had; 0 where they had none. */
interface Side {
  vectors: Matrix;
  inverses: Float64Array;
  /** Derivative by `vectors`. */
  gradient: Float64Array;
}

/** The scores of one direction: row i of `left` against every row of `right`. */
interface Scores {
  direction: RankingDirection;
  left: Side;
  right: Side;
  values: Float64Array;
  width: number;
}

export function rankingByDirections(columns: readonly Matrix[], settings: RankingSettings): LossResult {
  const { rows, columns: width } = columns[0];
  const cosine = settings.similarity === "cosine";
  const query = sideOf(columns[0].data, width, cosine);
  const joined = new Float32Array((columns.length - 1) * rows * width);
  for (const [c, { data }] of columns.slice(1).entries()) joined.set(data, c * rows * width);
  const document = sideOf(joined, width, cosine);
  const all = settings.directions.map((direction) => scoresOf(direction, { query, document, rows }, settings));
  const own = all.find(({ direction }) => direction === "query_to_doc")!;
  const groups = settings.partition === "joint" ? [all] : all.map((scores) => [scores]);
  let value = 0;
  for (let i = 0; i < rows; i += 1) {
    value -= own.values[i * own.width + i] / rows;
    const logs = groups.map((group) => logSumExp(group, i));
    value += logs.reduce((sum, log) => sum + log, 0) / (groups.length * rows);
    for (const [g, group] of groups.entries()) {
      for (const scores of group)
        backRow(scores, i, { log: logs[g], share: 1 / (groups.length * rows), own: scores === own, settings });
    }
  }
  const ofDocuments = gradientOf(document, width);
  return {
    value,
    gradients: columns.map((_, c) => {
      const size = rows * width;
      const data = c === 0 ? gradientOf(query, width) : ofDocuments.slice((c - 1) * size, c * size);
      return new Matrix(data, rows, width);
    }),
  };
}

function sideOf(data: Float32Array, width: number, cosine: boolean): Side {
  const rows = data.length / width;
  const vectors = new Matrix(data.slice(), rows, width);
  const inverses = new Float64Array(rows).fill(1);
  if (!cosine) return { vectors, inverses, gradient: new Float64Array(data.length) };
  for (let i = 0; i < rows; i += 1) {
    const row = vectors.row(i);
    let squares = 0;
    for (const value of row) squares += value * value;
    inverses[i] = squares > 1e-24 ? 1 / Math.sqrt(squares) : 0;
    for (let k = 0; k < width; k += 1) row[k] *= inverses[i];
  }
  return { vectors, inverses, gradient: new Float64Array(data.length) };
}

function scoresOf(
  direction: RankingDirection,
  { query, document, rows }: { query: Side; document: Side; rows: number },
  { scale, hardness }: RankingSettings,
): Scores {
  const left = direction.startsWith("query") ? query : document;
  const right = direction.endsWith("query") ? query : document;
  const width = right.vectors.rows;
  const values = new Float64Array(rows * width);
  for (let i = 0; i < rows; i += 1) {
    const a = left.vectors.row(i);
    for (let j = 0; j < width; j += 1) {
      // A query is no document of its own, nor are an anchor's documents each other's rivals.
      const isSame = j % rows === i && (direction === "query_to_query" || direction === "doc_to_doc");
      const product = isSame ? -Infinity : dot(a, right.vectors.row(j));
      const penalty =
        direction === "query_to_doc" && hardness && isHard(hardness.mode, { i, j, rows })
          ? hardness.strength * product
          : 0;
      values[i * width + j] = scale * product + penalty;
    }
  }
  return { direction, left, right, values, width };
}

/** Whether hardness applies to document j of query i: never to its positive. */
function isHard(mode: string, { i, j, rows }: { i: number; j: number; rows: number }): boolean {
  const isOwn = j % rows === i;
  if (mode === "hard_negatives") return isOwn && j >= rows;
  return mode === "in_batch_negatives" ? !isOwn : !isOwn || j >= rows;
}

function logSumExp(group: readonly Scores[], i: number): number {
  let most = -Infinity;
  for (const { values, width } of group)
    for (let j = 0; j < width; j += 1) most = Math.max(most, values[i * width + j]);
  let sum = 0;
  for (const { values, width } of group)
    for (let j = 0; j < width; j += 1) sum += Math.exp(values[i * width + j] - most);
  return most + Math.log(sum);
}

/** Adds a row's derivative to both sides; what hardness adds to a score is a constant. */
function backRow(
  { left, right, values, width }: Scores,
  i: number,
  { log, share, own, settings }: { log: number; share: number; own: boolean; settings: RankingSettings },
): void {
  const a = left.vectors.row(i);
  const columns = a.length;
  const rows = values.length / width;
  for (let j = 0; j < width; j += 1) {
    let factor = share * Math.exp(values[i * width + j] - log);
    if (own && j === i) factor -= 1 / rows;
    factor *= settings.scale;
    if (factor === 0) continue;
    const b = right.vectors.row(j);
    for (let k = 0; k < columns; k += 1) {
      left.gradient[i * columns + k] += factor * b[k];
      right.gradient[j * columns + k] += factor * a[k];
    }
  }
}

/** From the derivative by the vectors of length 1 to that by the vectors as they were. */
function gradientOf({ vectors, inverses, gradient }: Side, width: number): Float32Array {
  const out = new Float32Array(gradient.length);
  const isUnit = inverses.some((inverse) => inverse !== 1);
  for (const [i, inverse] of inverses.entries()) {
    const row = vectors.row(i);
    const at = i * width;
    let along = 0;
    if (isUnit) for (let k = 0; k < width; k += 1) along += gradient[at + k] * row[k];
    for (let k = 0; k < width; k += 1) out[at + k] = (gradient[at + k] - along * row[k]) * inverse;
  }
  return out;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
}
