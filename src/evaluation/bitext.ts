/** Does each text find its translation? The nearest text of the other side counts, as MTEB measures it: F1 weighted over the true ones. */
import { SemspaceError } from "../errors.ts";
import { Matrix } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import { labelMetrics } from "./label-metrics.ts";
import type { TextPair } from "./pair-scores.ts";

export interface BitextResult {
  f1: number;
  precision: number;
  recall: number;
  accuracy: number;
  /** For each pair the position of the pair whose second text is nearest to its first. */
  nearest: Int32Array;
}

/** Texts that are compared at once. */
const rowsAtOnce = 100;

/** Pair i says that `b` is the translation of `a`. Throws `invalid-argument` without pairs. */
export async function evaluateBitext(
  embedder: Pick<Embedder, "encode" | "similarity">,
  pairs: readonly TextPair[],
): Promise<BitextResult> {
  if (pairs.length === 0)
    throw new SemspaceError("invalid-argument", "Bitext is measured on at least one pair, got 0.");
  const a = await embedder.encode(pairs.map((pair) => pair.a));
  const b = await embedder.encode(pairs.map((pair) => pair.b));
  const nearest = new Int32Array(pairs.length);
  for (let first = 0; first < a.rows; first += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, a.rows - first);
    const some = a.data.subarray(first * a.columns, (first + count) * a.columns);
    const scores = embedder.similarity(new Matrix(some, count, a.columns), b);
    for (let row = 0; row < count; row += 1) nearest[first + row] = largestAt(scores.row(row));
  }
  const truth = Array.from(nearest, (_, i) => i);
  const { accuracy, weighted } = labelMetrics(truth, Array.from(nearest));
  return { ...weighted, accuracy, nearest };
}

function largestAt(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i] > values[best]) best = i;
  return best;
}
