/**
 * Translations in two piles of texts, by margin scores (Artetxe and Schwenk, "Margin-based parallel corpus mining with multilingual sentence
 * embeddings", 2019), as LASER's mine_bitexts and the bitext_mining example of sentence-transformers: how much nearer two texts are than
 * their neighbourhoods are to them. Retrieval "max" takes the best candidates of both directions greedily, each text once; "intersect" those
 * that choose each other. The model must be one for both languages. Exact search, so that a result does not depend on an index.
 */
import { oneOf, SemspaceError, wholeNumber } from "../../errors.ts";
import { type Matrix, normalized } from "../../matrix/index.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { eachNearest } from "./nearest-vectors.ts";

/** How the cosine and the mean cosine of the neighbourhoods become a score: a / b, a − b, or a alone. */
export const margins = ["ratio", "distance", "absolute"] as const;
export type Margin = (typeof margins)[number];

export interface BitextOptions {
  /** Default "ratio": about 1 for what is no nearer than the neighbours; translations are above 1.05 … 1.2. */
  margin?: Margin;
  /** Nearest texts that make a neighbourhood, and that are candidates. Default 4. */
  neighbors?: number;
  /** Default "max". */
  retrieval?: "max" | "intersect" | "forward" | "backward";
  /** Pairs below it are left out. Default: none. */
  minScore?: number;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** Text `source` of the one pile and text `target` of the other. */
export interface Bitext {
  source: number;
  target: number;
  /** The margin score. */
  score: number;
}

/**
 * Pairs of translations, best first.
 *
 * @example
 * const multilingual = await loadEmbedder("./LaBSE");
 * await bitextMining(["Good morning.", "Where is he?"], ["Wo ist er?", "Guten Morgen."], { embedder: multilingual, minScore: 1.05 });
 */
export async function bitextMining(
  source: readonly string[],
  target: readonly string[],
  { embedder, ...options }: BitextOptions & { embedder: Embedder },
): Promise<Bitext[]> {
  const { signal } = options;
  const [a, b] = [
    await embedder.encode(source, { ...(signal && { signal }) }),
    await embedder.encode(target, { ...(signal && { signal }) }),
  ];
  return bitextPairs(a, b, options);
}

/** As {@link bitextMining}, for vectors. Throws `mismatch` when their dimensions differ. */
export async function bitextPairs(source: Matrix, target: Matrix, options: BitextOptions = {}): Promise<Bitext[]> {
  if (source.columns !== target.columns) {
    const message = `Vectors of ${source.columns} and of ${target.columns} dimensions cannot be compared. Encode both with the same model.`;
    throw new SemspaceError("mismatch", message);
  }
  const margin = oneOf("margin", options.margin ?? "ratio", margins);
  const retrieval = oneOf("retrieval", options.retrieval ?? "max", ["max", "intersect", "forward", "backward"]);
  const k = wholeNumber("neighbors", options.neighbors ?? 4, 1);
  const [a, b] = [normalized(source), normalized(target)];
  const total = a.rows + b.rows;
  const report = (before: number) => (done: number) => options.onProgress?.(before + done, total);
  const { signal } = options;
  const forward = await neighborhoods(a, b, { k, onProgress: report(0), signal });
  const backward = await neighborhoods(b, a, { k, onProgress: report(a.rows), signal });
  const ahead = bestOf(forward, backward, margin).map(({ from, to, score }) => ({ source: from, target: to, score }));
  const back = bestOf(backward, forward, margin).map(({ from, to, score }) => ({ source: to, target: from, score }));
  const { minScore = -Infinity } = options;
  return chosen(retrieval, ahead, back).filter(({ score }) => score >= minScore);
}

interface Neighborhoods {
  rows: Int32Array[];
  scores: Float32Array[];
  means: Float64Array;
}

async function neighborhoods(
  from: Matrix,
  to: Matrix,
  options: { k: number; onProgress: (done: number) => void; signal: AbortSignal | undefined },
): Promise<Neighborhoods> {
  const found: Neighborhoods = { rows: [], scores: [], means: new Float64Array(from.rows) };
  await eachNearest(from, to, {
    ...options,
    use({ query, rows, scores }) {
      found.rows.push(rows);
      found.scores.push(scores);
      found.means[query] = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
    },
  });
  return found;
}

/** The candidate of each text with the best margin. */
function bestOf(
  own: Neighborhoods,
  other: Neighborhoods,
  margin: Margin,
): { from: number; to: number; score: number }[] {
  return own.rows.flatMap((rows, from) => {
    let best: { from: number; to: number; score: number } | undefined;
    for (const [i, to] of rows.entries()) {
      const around = (own.means[from] + other.means[to]) / 2;
      const score = marginScore(own.scores[from][i], around, margin);
      if (!best || score > best.score) best = { from, to, score };
    }
    return best ? [best] : [];
  });
}

function marginScore(cosine: number, around: number, margin: Margin): number {
  return margin === "absolute" ? cosine : margin === "distance" ? cosine - around : cosine / around;
}

function chosen(retrieval: NonNullable<BitextOptions["retrieval"]>, ahead: Bitext[], back: Bitext[]): Bitext[] {
  const byScore = (pairs: readonly Bitext[]): Bitext[] =>
    pairs.toSorted((a, b) => b.score - a.score || a.source - b.source || a.target - b.target);
  if (retrieval === "forward") return byScore(ahead);
  if (retrieval === "backward") return byScore(back);
  if (retrieval === "intersect") {
    const best = new Map(back.map(({ source, target }) => [target, source]));
    return byScore(ahead.filter(({ source, target }) => best.get(target) === source));
  }
  const sources = new Set<number>();
  const targets = new Set<number>();
  return byScore([...ahead, ...back]).filter(({ source, target }) => {
    if (sources.has(source) || targets.has(target)) return false;
    sources.add(source);
    targets.add(target);
    return true;
  });
}
