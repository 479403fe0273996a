/**
 * The mean direction of each label's examples: the nearest by cosine is the label (Rocchio). Needs a few examples, or one description
 * a label. The score is the cosine times a factor that makes softmax decided; calibration replaces the factor by one that fits.
 */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/matrix.ts";
import { normalizeRows } from "../../matrix/normalize.ts";
import { similarity } from "../../matrix/similarity.ts";
import { checkColumns, float32Tensor, type Head, type Targets } from "./head.ts";

const FACTOR = 20;

/** Throws `invalid-argument` for a label without examples. */
export function fitCentroids(vectors: Matrix, { labels, rows }: Targets): Head {
  const centroids = Matrix.zeros(labels.length, vectors.columns);
  const sizes = new Uint32Array(labels.length);
  for (const [i, row] of rows.entries()) {
    const vector = vectors.row(i);
    for (const label of row) {
      const centroid = centroids.row(label);
      sizes[label] += 1;
      for (let j = 0; j < vector.length; j += 1) centroid[j] += vector[j];
    }
  }
  const empty = sizes.indexOf(0);
  if (empty !== -1)
    throw new SemspaceError("invalid-argument", `The label ${JSON.stringify(labels[empty])} has no examples.`);
  return centroidHead(normalizeRows(centroids));
}

export function centroidHead(centroids: Matrix): Head {
  return {
    kind: "centroids",
    scores(vectors) {
      checkColumns(vectors, centroids.columns);
      return Float64Array.from(similarity(vectors, centroids).data, (cosine) => FACTOR * cosine);
    },
    tensors: () => ({ centroids: float32Tensor(centroids) }),
    settings: () => ({}),
  };
}
