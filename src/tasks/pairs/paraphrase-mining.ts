/**
 * The most alike pairs of many texts, as `paraphrase_mining` of sentence-transformers 6.2 finds them: every text is compared with every
 * other, its `topK` nearest are offered, and the best `maxPairs` of all are kept.
 * Differs: scores of equal pairs are ordered by position; memory is the vectors, twice, and the pairs, whatever the chunks.
 */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import { Matrix, normalized } from "../../matrix/index.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { BestPairs, type TextPair } from "./best-pairs.ts";
import { eachNearest } from "./nearest-vectors.ts";

export interface ParaphraseOptions {
  /** Most pairs. Default 500,000. */
  maxPairs?: number;
  /** Nearest texts of each text that are looked at. Default 100. */
  topK?: number;
  /** Pairs below it are left out. */
  minScore?: number;
  /** Default "cosine". */
  measure?: "cosine" | "dot";
  /** Called as texts are compared with all others. */
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * The most alike pairs of texts, best first. Throws `invalid-argument` for a count that is none.
 *
 * @example
 * await paraphraseMining(["A cat sits.", "Prices rise.", "There sits a cat."], embedder);
 * // [{ first: 0, second: 2, score: 0.9… }, …]
 */
export async function paraphraseMining(
  texts: readonly string[],
  embedder: Embedder,
  options: ParaphraseOptions = {},
): Promise<TextPair[]> {
  const { signal } = options;
  return paraphrasePairs(await embedder.encode(texts, { ...(signal && { signal }) }), options);
}

/** As {@link paraphraseMining}, for vectors: row i is text i. */
export async function paraphrasePairs(vectors: Matrix, options: ParaphraseOptions = {}): Promise<TextPair[]> {
  if (!(vectors instanceof Matrix))
    throw new SemspaceError(
      "invalid-argument",
      "paraphrasePairs takes a Matrix of vectors. For texts use paraphraseMining.",
    );
  const { minScore = -Infinity, onProgress, signal } = options;
  const topK = wholeNumber("topK", options.topK ?? 100, 1);
  const best = new BestPairs(wholeNumber("maxPairs", options.maxPairs ?? 500_000, 1), vectors.rows);
  const measure = oneOf("measure", options.measure ?? "cosine", ["cosine", "dot"]);
  const rows = measure === "cosine" ? normalized(vectors) : vectors;
  await eachNearest(rows, rows, {
    ...{ k: topK, withoutSelf: true, onProgress, signal },
    use({ query, rows: nearest, scores }) {
      for (let i = 0; i < nearest.length; i += 1) {
        if (!(scores[i] > best.least) || scores[i] < minScore) return;
        best.offer(query, nearest[i], scores[i]);
      }
    },
  });
  return best.sorted();
}
