/**
 * Hard negatives: texts that a model finds near to an anchor although they do not belong to it. Reference: sentence-transformers 6.2
 * `mine_hard_negatives`: the same filters in the same order. Differs: the search is exact, in blocks of anchors; random numbers are another's;
 * no rescoring with a cross-encoder.
 */
import { oneOf, SemspaceError, wholeNumber } from "../errors.ts";
import { Matrix, type Measure, pairwiseSimilarity, similarity, topK } from "../matrix/index.ts";
import { randomNumbers } from "../matrix/random-numbers.ts";
import { pauses } from "../platform/pauses.ts";
import type { Embedder } from "../texts/embedder.ts";
import { keepNegatives, type NegativeFilters } from "./negative-filters.ts";
import { type MinedRows, minedRows, type NegativesFormat, negativesFormats } from "./negatives-format.ts";

export interface MineOptions extends NegativeFilters {
  /** Anchors (questions) and their positives (answers), row by row; an anchor may come with several positives. */
  anchors: readonly string[];
  positives: readonly string[];
  /** Where negatives are looked for. Default: the positives. */
  corpus?: readonly string[];
  embedder: Embedder;
  /** Negatives of an anchor. Default 3. */
  negatives?: number;
  /** Nearest texts that are skipped. Default 0. */
  rangeMin?: number;
  /** How many of the nearest are looked at. Default: ten times as many as wanted where scores are filtered, else as many as wanted. */
  rangeMax?: number;
  /** The nearest that are left, or any of them. Default "top". */
  sampling?: "top" | "random";
  /** Default "triplet"; see {@link MinedRows}. */
  format?: NegativesFormat;
  /** How vectors are compared. Default "cosine". */
  measure?: Measure;
  /** Default 42. */
  seed?: number;
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Anchors that are searched at once. */
const atOnce = 256;

/**
 * Finds negatives for every anchor. Anchors without enough of them have fewer rows. Throws `mismatch` when anchors and positives differ in number,
 * `invalid-argument` for no rows and impossible ranges.
 *
 * @example
 * const mined = await mineHardNegatives({ anchors, positives, embedder, negatives: 1, relativeMargin: 0.05 });
 * const data = datasetOf(mined.columns); // anchor, positive, negative
 */
export async function mineHardNegatives(options: MineOptions): Promise<MinedRows> {
  const { embedder, measure = "cosine", signal, onProgress } = options;
  const settings = checked(options);
  const corpus = [...new Set([...(options.corpus ?? options.positives), ...options.positives])];
  const places = new Map(corpus.map((text, i) => [text, i]));
  const anchors = [...new Set(options.anchors)];
  const own = new Map<string, Set<number>>(anchors.map((anchor) => [anchor, new Set()]));
  for (const [row, anchor] of options.anchors.entries()) own.get(anchor)!.add(places.get(options.positives[row])!);
  const job = signal ? { signal } : {};
  const vectors = await embedder.encodeDocument(corpus, job);
  const queries = await embedder.encodeQuery(anchors, job);
  const random = randomNumbers(settings.seed);
  const pause = pauses();
  const found = [];
  for (let from = 0; from < anchors.length; from += atOnce) {
    const block = anchors.slice(from, from + atOnce);
    const scores = similarity(rowsOf(queries, from, block.length), vectors, measure);
    for (const [i, anchor] of block.entries()) {
      const positives = [...own.get(anchor)!];
      const [query, documents] = repeated(queries.row(from + i), positives, vectors);
      const positiveScores = [...pairwiseSimilarity(query, documents, measure)];
      const { indices, scores: nearest } = topK(
        scores.row(i),
        Math.min(settings.rangeMax + settings.most, corpus.length),
      );
      const near = Array.from(indices, (index, rank) => ({ index, score: nearest[rank] }));
      const kept = keepNegatives(near, { ...options, positives, positiveScores }).slice(
        settings.rangeMin,
        settings.rangeMax,
      );
      const negatives =
        settings.sampling === "top" ? kept.slice(0, settings.negatives) : sample(kept, settings.negatives, random);
      found.push({ anchor, positives, positiveScores, negatives });
    }
    onProgress?.({ done: Math.min(from + atOnce, anchors.length), total: anchors.length });
    // oxlint-disable-next-line no-await-in-loop -- lets an abort arrive
    await pause();
    signal?.throwIfAborted();
  }
  return minedRows(found, { corpus, format: settings.format, negatives: settings.negatives });
}

function checked(options: MineOptions): {
  negatives: number;
  rangeMin: number;
  rangeMax: number;
  most: number;
  sampling: "top" | "random";
  format: NegativesFormat;
  seed: number;
} {
  const { anchors, positives, sampling = "top", format = "triplet", seed = 42 } = options;
  if (anchors.length !== positives.length)
    throw new SemspaceError(
      "mismatch",
      `Every anchor needs its positive, got ${anchors.length} and ${positives.length}.`,
    );
  if (anchors.length === 0) throw new SemspaceError("invalid-argument", "There are no rows to mine negatives for.");
  const negatives = wholeNumber("negatives", options.negatives ?? 3, 1);
  const rangeMin = wholeNumber("rangeMin", options.rangeMin ?? 0);
  const counts = new Map<string, number>();
  for (const anchor of anchors) counts.set(anchor, (counts.get(anchor) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const isFiltered = [options.absoluteMargin, options.relativeMargin, options.maxScore, options.minScore].some(
    (filter) => filter !== undefined,
  );
  const rangeMax = wholeNumber("rangeMax", options.rangeMax ?? rangeMin + negatives * (isFiltered ? 10 : 1) + most, 1);
  if (rangeMax < rangeMin + negatives)
    throw new SemspaceError(
      "invalid-argument",
      `rangeMax ${rangeMax} leaves fewer than ${negatives} texts after rangeMin ${rangeMin}. Use at least ${rangeMin + negatives}.`,
    );
  oneOf("sampling", sampling, ["top", "random"]);
  return { negatives, rangeMin, rangeMax, most, sampling, format: oneOf("format", format, negativesFormats), seed };
}

function rowsOf({ data, columns }: Matrix, from: number, count: number): Matrix {
  return new Matrix(data.subarray(from * columns, (from + count) * columns), count, columns);
}

/** The query beside each of its positives. */
function repeated(query: Float32Array, positives: readonly number[], vectors: Matrix): [Matrix, Matrix] {
  return [Matrix.fromRows(positives.map(() => query)), Matrix.fromRows(positives.map((index) => vectors.row(index)))];
}

/** Some of the candidates, in their order. */
function sample<Candidate>(candidates: readonly Candidate[], count: number, random: () => number): Candidate[] {
  const left = [...candidates];
  while (left.length > count) left.splice(Math.floor(random() * left.length), 1);
  return left;
}
