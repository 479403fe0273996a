/**
 * From what an item is about to where the sessions would put it: a ridge regression from content vectors to session vectors. It places items
 * that nobody has taken yet, and pulls items that few have taken towards what their content says.
 */
import { factorCholesky, solveCholesky } from "../../matrix/cholesky.ts";
import { Matrix } from "../../matrix/index.ts";

/** [content dimensions + 1, session dimensions]; the last row is the constant. */
export type ContentMap = Matrix;

const PENALTY = 1;

/** Fits the map to items that have both vectors, each weighing as often as it was taken. */
export function fitContentMap(content: Matrix, sessions: Matrix, counts: readonly number[]): ContentMap {
  const n = content.columns + 1;
  const squares = new Float64Array(n * n);
  const sums = Array.from({ length: sessions.columns }, () => new Float64Array(n));
  const x = new Float64Array(n).fill(1);
  for (let item = 0; item < content.rows; item += 1) {
    const [from, to] = [content.row(item), sessions.row(item)];
    if (isZero(from) || isZero(to)) continue;
    x.set(from);
    // The square root: an item that was taken a hundred times is known ten times as well.
    const weight = Math.sqrt(counts[item]);
    for (let i = 0; i < n; i += 1) {
      const wx = weight * x[i];
      for (let j = 0; j <= i; j += 1) squares[i * n + j] += wx * x[j];
      for (const [k, sum] of sums.entries()) sum[i] += wx * to[k];
    }
  }
  for (let i = 0; i < n; i += 1) squares[i * n + i] += PENALTY;
  factorCholesky(squares, n);
  const map = Matrix.zeros(n, sessions.columns);
  for (const [k, sum] of sums.entries()) {
    solveCholesky(squares, n, sum);
    for (let i = 0; i < n; i += 1) map.data[i * map.columns + k] = sum[i];
  }
  return map;
}

/** Where the map puts one content vector. */
export function mapped(vector: Float32Array, map: ContentMap): Float64Array {
  const result = Float64Array.from(map.row(map.rows - 1));
  for (const [i, value] of vector.entries()) {
    const row = map.row(i);
    for (let k = 0; k < result.length; k += 1) result[k] += value * row[k];
  }
  return result;
}

/**
 * The session vectors with those of rare items drawn towards their content: an item that was taken `strength` times lies half way, a new one
 * where the map puts it. The map's vectors are shorter than 1, the less they say: a guess scores lower than what is known.
 */
export function drawnToContent(
  sessions: Matrix,
  content: Matrix,
  { map, counts, strength }: { map: ContentMap; counts: readonly number[]; strength: number },
): Matrix {
  const result = Matrix.zeros(content.rows, sessions.columns);
  for (let item = 0; item < content.rows; item += 1) {
    const own = item < sessions.rows ? sessions.row(item) : undefined;
    const known = own !== undefined && !isZero(own) ? counts[item] : 0;
    const row = result.row(item);
    if (own && known > 0) row.set(own);
    if (isZero(content.row(item))) continue;
    const share = known === 0 ? 0 : known / (known + strength);
    for (const [k, value] of mapped(content.row(item), map).entries()) row[k] = share * row[k] + (1 - share) * value;
  }
  return result;
}

function isZero(vector: Float32Array): boolean {
  return vector.every((value) => value === 0);
}
