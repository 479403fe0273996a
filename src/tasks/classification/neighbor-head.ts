/**
 * The nearest examples vote, each by its cosine: what a classifier does that learns nothing, and takes new labels at once.
 * The score of a label is the logarithm of its share of the votes, with a little for every label, so that none is impossible.
 */
import { similarity } from "../../matrix/similarity.ts";
import { Matrix } from "../../matrix/matrix.ts";
import { topK } from "../../matrix/top-k.ts";
import { checkColumns, float32Tensor, type Head, type Targets } from "./head.ts";

/** The share that every label has without a vote. */
const FLOOR = 0.01;
/** Rows that are compared at a time, so that the similarities stay small. */
const BLOCK = 64;

export function fitNeighbors(vectors: Matrix, targets: Targets, { neighbors }: { neighbors: number }): Head {
  const { labels, rows } = targets;
  const pairs = rows.flatMap((row, example) => row.map((label) => [example, label]));
  return neighborHead(vectors, Int32Array.from(pairs.flat()), {
    labels: labels.length,
    neighbors,
    multiLabel: targets.multiLabel,
  });
}

export interface NeighborSettings {
  labels: number;
  neighbors: number;
  multiLabel: boolean;
}

/** `pairs` is example, label, example, label … */
export function neighborHead(examples: Matrix, pairs: Int32Array, settings: NeighborSettings): Head {
  const { labels, neighbors, multiLabel } = settings;
  const labelsOf: number[][] = Array.from({ length: examples.rows }, () => []);
  for (let i = 0; i < pairs.length; i += 2) labelsOf[pairs[i]].push(pairs[i + 1]);
  const vote = (cosines: Float32Array, scores: Float64Array): void => {
    const { indices, scores: best } = topK(cosines, neighbors);
    let total = 0;
    for (const [i, example] of indices.entries()) {
      const weight = Math.max(best[i], 1e-3);
      total += weight;
      for (const label of labelsOf[example]) scores[label] += weight;
    }
    for (let label = 0; label < labels; label += 1) {
      const share = (scores[label] / (total || 1) + FLOOR) / (1 + 2 * FLOOR);
      scores[label] = multiLabel ? Math.log(share / (1 - share)) : Math.log(share);
    }
  };
  return {
    kind: "neighbors",
    scores(vectors) {
      checkColumns(vectors, examples.columns);
      const scores = new Float64Array(vectors.rows * labels);
      for (let from = 0; from < vectors.rows; from += BLOCK) {
        const count = Math.min(BLOCK, vectors.rows - from);
        const block = rowsOf(vectors, from, count);
        const cosines = similarity(block, examples);
        for (let i = 0; i < count; i += 1)
          vote(cosines.row(i), scores.subarray((from + i) * labels, (from + i + 1) * labels));
      }
      return scores;
    },
    tensors: () => ({
      examples: float32Tensor(examples),
      pairs: { dtype: "I32", shape: [pairs.length / 2, 2], data: pairs },
    }),
    settings: () => ({ neighbors: String(neighbors) }),
  };
}

function rowsOf({ data, columns }: Matrix, from: number, count: number): Matrix {
  return new Matrix(data.subarray(from * columns, (from + count) * columns), count, columns);
}
