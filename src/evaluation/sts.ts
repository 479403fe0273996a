/**
 * Semantic textual similarity: do the similarities of pairs of texts order like the scores that people gave them?
 * The figure that is quoted for a model is Spearman's correlation of the cosine, times 100.
 */
import { SemspaceError, shown } from "../errors.ts";
import { type Measure, pairwiseSimilarity } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import { pearson, spearman } from "./correlation.ts";

export interface StsPair {
  a: string;
  b: string;
  /** Higher is more alike; only the order counts for Spearman. */
  score: number;
}

export interface StsResult {
  /** -1 … 1. */
  spearman: number;
  pearson: number;
  pairs: number;
}

/** Throws `mismatch` for fewer than two pairs. */
export async function evaluateSts(
  embedder: Pick<Embedder, "encode">,
  pairs: readonly StsPair[],
  { measure = "cosine" }: { measure?: Measure } = {},
): Promise<StsResult> {
  const a = await embedder.encode(pairs.map((pair) => pair.a));
  const b = await embedder.encode(pairs.map((pair) => pair.b));
  const ours = pairwiseSimilarity(a, b, measure);
  const scores = pairs.map((pair) => pair.score);
  return { spearman: spearman(ours, scores), pearson: pearson(ours, scores), pairs: pairs.length };
}

/**
 * Reads the STS benchmark's files: tab-separated, no quoting (a quotation mark is a quotation mark), columns genre, file, year,
 * number, score, first text, second text; further columns are left alone. Throws `invalid-file` with the line's number.
 */
export function readStsPairs(table: string): StsPair[] {
  const pairs: StsPair[] = [];
  for (const [i, line] of table.split("\n").entries()) {
    if (line.trim() === "") continue;
    const fields = line.replace(/\r$/, "").split("\t");
    const score = Number(fields[4] || Number.NaN);
    if (fields.length < 7 || !Number.isFinite(score)) {
      throw new SemspaceError(
        "invalid-file",
        `Line ${i + 1} is no STS pair: expected 7 columns between tabs, the fifth a number, got ${fields.length} columns, the fifth ${shown(fields[4] ?? "")}.`,
      );
    }
    pairs.push({ a: fields[5], b: fields[6], score });
  }
  return pairs;
}
