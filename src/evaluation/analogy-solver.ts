/** Answers one analogy by the rules of a convention. */
import type { WordVectors } from "../words/index.ts";
import type { AnalogyConvention } from "./analogies.ts";

export type AnalogyMethod = "add" | "mul";

/** A question and the rows of its words; undefined for a word without one, which is never the fourth. */
export interface Answer {
  words: readonly string[];
  rows: readonly (number | undefined)[];
}

export interface SolverOptions {
  convention: AnalogyConvention;
  method: AnalogyMethod;
  restrict: number;
  /** How words are compared. */
  spell: (word: string) => string;
}

/** Gives a function that says whether a question is answered rightly. */
export function solver(vectors: WordVectors, options: SolverOptions): (answer: Answer) => boolean {
  const { convention, method, spell } = options;
  const to = Math.min(options.restrict, vectors.size);
  if (convention === "web") return unscaledSolver(vectors, { ...options, to });
  if (method === "add") return offsetSolver(vectors, { ...options, to });
  const epsilon = convention === "hyperwords" ? 0.01 : 1e-6;
  const scores = cachedScores(vectors, to, true);
  return ({ words, rows }) => {
    const [a, b, c] = rows.slice(0, 3).map((row) => scores(row!));
    const best = argmax(to, rows, (i) => (((1 + b[i]) / 2) * ((1 + c[i]) / 2)) / ((1 + a[i]) / 2 + epsilon));
    return spell(vectors.words[best]) === words[3];
  };
}

/**
 * 3CosAdd among unit vectors. gensim looks at the best five for the first one that is not a word of the question, which may be written
 * in another case; the others exclude the three rows alone. compute-accuracy starts with a best similarity of 0.
 */
function offsetSolver(
  vectors: WordVectors,
  { convention, spell, to }: SolverOptions & { to: number },
): (answer: Answer) => boolean {
  return ({ words, rows }) => {
    const [a, b, c] = rows as number[];
    const top = convention === "gensim" ? 5 : 1;
    const found = vectors.mostSimilar({ positive: [b, c], negative: [a] }, { top, restrict: to });
    if (convention !== "gensim") {
      const enough = convention !== "compute-accuracy" || found[0]?.similarity > 0;
      return found.length > 0 && enough && spell(found[0].word) === words[3];
    }
    const asked = new Set(words.slice(0, 3));
    const spelled = found.map(({ word }) => spell(word));
    return (spelled.find((word) => !asked.has(word)) ?? spelled.at(-1)) === words[3];
  };
}

/** Vectors as they are, the mean of all for a word without one. 3CosMul adds logarithms, with 0.00001 inside each. */
function unscaledSolver(
  vectors: WordVectors,
  { method, spell, to }: SolverOptions & { to: number },
): (answer: Answer) => boolean {
  const mean = new Float32Array(vectors.dimensions);
  for (let i = 0; i < to; i += 1) {
    const row = vectors.table.row(i);
    for (let k = 0; k < mean.length; k += 1) mean[k] += row[k] / to;
  }
  const scores = cachedScores(vectors, to, false);
  return ({ words, rows }) => {
    const [a, b, c] = rows.slice(0, 3).map((row) => scores(row ?? mean));
    const logarithm = (value: number): number => Math.log((1 + value) / 2 + 1e-5);
    const score =
      method === "add"
        ? (i: number) => b[i] - a[i] + c[i]
        : (i: number) => logarithm(b[i]) - logarithm(a[i]) + logarithm(c[i]);
    return spell(vectors.words[argmax(to, rows, score)]) === words[3];
  };
}

/** The products of one word's vector with all rows, kept for the questions that follow: they share words. */
function cachedScores(
  vectors: WordVectors,
  to: number,
  scaled: boolean,
): (query: number | Float32Array) => Float32Array {
  const kept = new Map<number | Float32Array, Float32Array>();
  const most = Math.max(4, Math.floor((1 << 24) / to));
  return (query) => {
    const known = kept.get(query);
    if (known) return known;
    const cosines = vectors.similarities(query, { to });
    if (!scaled) {
      const length = typeof query === "number" ? vectors.norms[query] : Math.hypot(...query);
      for (let i = 0; i < cosines.length; i += 1) cosines[i] *= length * vectors.norms[i];
    }
    if (kept.size >= most) kept.delete(kept.keys().next().value!);
    kept.set(query, cosines);
    return cosines;
  };
}

/** The place of the largest score, the question's three words left out; NaN is never it. */
function argmax(to: number, rows: Answer["rows"], score: (i: number) => number): number {
  const [a, b, c] = rows;
  let best = 0;
  let most = -Infinity;
  for (let i = 0; i < to; i += 1) {
    if (i === a || i === b || i === c) continue;
    const value = score(i);
    if (value > most) {
      most = value;
      best = i;
    }
  }
  return best;
}
