/**
 * Do the texts of one label lie together? Their vectors are grouped by k-means into as many groups as there are labels, and the groups are
 * compared with the labels. As MTEB's clustering: several draws of the texts with replacement, the mean V-measure. What differs: MTEB groups
 * by MiniBatchKMeans (batches of 512), here it is k-means with all rows; MTEB draws from 4 % of the texts, here from all unless told.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import { kMeans, Matrix } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import type { LabelledText } from "./classification.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { type ClusterAgreement, clusterAgreement } from "./v-measure.ts";

export interface ClusteringOptions {
  /** Draws that are grouped. Default 10. */
  clusterings?: number;
  /** Texts of a draw, at most. Default 16,384. */
  size?: number;
  /** Share of the texts that is drawn from. Default 1; MTEB's is 0.04. */
  fraction?: number;
  /** Default 42, as in MTEB: the same texts are drawn as there. */
  seed?: number;
  signal?: AbortSignal | undefined;
  /** Called after every draw. */
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

export interface ClusteringResult {
  /** Mean of the draws. */
  vMeasure: number;
  ari: number;
  /** Each draw. */
  clusterings: ClusterAgreement[];
}

/** Throws `invalid-argument` when there are no texts or only one label, or none are left by `fraction`. */
export async function evaluateClustering(
  embedder: Pick<Embedder, "encode">,
  texts: readonly LabelledText[],
  { clusterings = 10, size = 16_384, fraction = 1, seed = 42, signal, onProgress }: ClusteringOptions = {},
): Promise<ClusteringResult> {
  wholeNumber("clusterings", clusterings, 1);
  wholeNumber("size", size, 1);
  const random = MersenneTwister.python(wholeNumber("seed", seed));
  const count = Math.min(texts.length, Math.floor(fraction * texts.length));
  const chosen = fraction === 1 ? texts : random.sample(texts.length, count).map((i) => texts[i]);
  const labels = chosen.map(({ label }) => label);
  const kinds = new Set(labels).size;
  if (kinds < 2)
    throw new SemspaceError(
      "invalid-argument",
      `Clustering is measured on texts of at least 2 labels, got ${kinds} in ${chosen.length} texts.`,
    );
  const vectors = await embedder.encode(
    chosen.map(({ text }) => text),
    { ...(signal && { signal }) },
  );
  const results: ClusterAgreement[] = [];
  for (let run = 0; run < clusterings; run += 1) {
    signal?.throwIfAborted();
    const drawn = random.choices(chosen.length, Math.min(size, chosen.length));
    const rows = Matrix.fromRows(Array.from(drawn, (i) => vectors.row(i)));
    const groups = kMeans(rows, { clusters: Math.min(kinds, drawn.length), starts: 1, seed: seed + run }).labels;
    const truth = Array.from(drawn, (i) => labels[i]);
    results.push(clusterAgreement(truth, groups));
    onProgress?.({ done: run + 1, total: clusterings });
    // oxlint-disable-next-line no-await-in-loop -- lets a page draw and a signal be heard between draws
    await Promise.resolve();
  }
  const mean = (value: (one: ClusterAgreement) => number): number =>
    results.reduce((sum, one) => sum + value(one), 0) / results.length;
  return { vMeasure: mean((one) => one.vMeasure), ari: mean((one) => one.ari), clusterings: results };
}
