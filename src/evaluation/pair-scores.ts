/** How near are the two texts of each pair, by every measure? Each side is encoded once. */
import { type Measure, measures, pairwiseSimilarity } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";

export interface TextPair {
  a: string;
  b: string;
}

/** The four measures, and the model's own. */
export const pairMeasures = ["similarity", "cosine", "dot", "euclidean", "manhattan"] as const;
export type PairMeasure = (typeof pairMeasures)[number];

/** One score a pair by each measure; distances are negated, so that higher is nearer. */
export async function encodePairs(
  embedder: Pick<Embedder, "encode" | "similarity">,
  pairs: readonly TextPair[],
): Promise<Record<PairMeasure, Float32Array>> {
  const a = await embedder.encode(pairs.map((pair) => pair.a));
  const b = await embedder.encode(pairs.map((pair) => pair.b));
  const own = Float32Array.from(pairs, (_, i) => embedder.similarity(a.row(i), b.row(i)).data[0]);
  const scores = Object.fromEntries(measures.map((measure) => [measure, pairwiseSimilarity(a, b, measure)]));
  return { similarity: own, ...(scores as Record<Measure, Float32Array>) };
}
