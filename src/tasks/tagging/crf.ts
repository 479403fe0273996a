/**
 * A linear chain conditional random field (Lafferty, McCallum and Pereira 2001): the score of a labelling is the sum of a score for each
 * label at its token and one for each step from label to label. Probabilities by forward-backward, each position scaled to the sum 1
 * (Rabiner 1989), the best labelling by Viterbi. Steps that are not allowed have probability 0, in training as in decoding.
 */

/** Scores of steps; minus infinity where a step is not allowed. */
export interface ChainScores {
  labels: number;
  /** [labels, labels], from row to column. */
  steps: Float64Array;
  starts: Float64Array;
  ends: Float64Array;
}

/** Sums that a sentence adds to: expected counts of what the chain scores stand for. */
export type ChainCounts = Omit<ChainScores, "labels">;

/** Scores of the labels at the tokens of one sentence, [length, labels], row-major from `at` on. */
export interface Emissions {
  data: Float32Array | Float64Array;
  at: number;
  length: number;
}

/** The factors of a chain, for many sentences. */
export interface Chain {
  scores: ChainScores;
  steps: Float64Array;
  starts: Float64Array;
  ends: Float64Array;
}

export function chainOf(scores: ChainScores): Chain {
  const { steps, starts, ends } = scores;
  return { scores, steps: steps.map(Math.exp), starts: starts.map(Math.exp), ends: ends.map(Math.exp) };
}

/**
 * The logarithm of the sum over all allowed labellings, and in `marginals` ([length, labels]) the probability of each label at each token.
 * With `counts` adds the expected number of each step, start and end.
 */
export function forwardBackward(
  chain: Chain,
  emissions: Emissions,
  { marginals, counts }: { marginals: Float64Array; counts?: ChainCounts | undefined },
): number {
  const { labels: n } = chain.scores;
  const { length } = emissions;
  const factors = new Float64Array(length * n);
  let logTotal = factorsInto(emissions, n, factors);
  const forward = new Float64Array(length * n);
  const scales = new Float64Array(length);
  for (let t = 0; t < length; t += 1) {
    for (let j = 0; j < n; j += 1) {
      let sum = 0;
      if (t === 0) sum = chain.starts[j];
      else for (let i = 0; i < n; i += 1) sum += forward[(t - 1) * n + i] * chain.steps[i * n + j];
      forward[t * n + j] = sum * factors[t * n + j];
      scales[t] += forward[t * n + j];
    }
    for (let j = 0; j < n; j += 1) forward[t * n + j] /= scales[t];
    logTotal += Math.log(scales[t]);
  }
  const last = (length - 1) * n;
  let end = 0;
  for (let i = 0; i < n; i += 1) end += forward[last + i] * chain.ends[i];
  logTotal += Math.log(end);
  // Backwards, each divided as the forward sums were: forward times backward is the marginal.
  let backward: Float64Array = chain.ends.map((value) => value / end);
  for (let t = length - 1; t >= 0; t -= 1) {
    for (let i = 0; i < n; i += 1) marginals[t * n + i] = forward[t * n + i] * backward[i];
    if (t === 0) break;
    const ahead = backward.map((value, j) => (value * factors[t * n + j]) / scales[t]);
    backward = new Float64Array(n);
    for (let i = 0; i < n; i += 1) {
      const from = forward[(t - 1) * n + i];
      for (let j = 0; j < n; j += 1) {
        const way = chain.steps[i * n + j] * ahead[j];
        backward[i] += way;
        if (counts) counts.steps[i * n + j] += from * way;
      }
    }
  }
  if (counts) {
    for (let i = 0; i < n; i += 1) {
      counts.starts[i] += marginals[i];
      counts.ends[i] += marginals[last + i];
    }
  }
  return logTotal;
}

/** Exponentials of the scores of each token less its largest; returns the sum of what was taken off. */
function factorsInto({ data, at, length }: Emissions, n: number, factors: Float64Array): number {
  let off = 0;
  for (let t = 0; t < length; t += 1) {
    let max = -Infinity;
    for (let j = 0; j < n; j += 1) max = Math.max(max, data[at + t * n + j]);
    for (let j = 0; j < n; j += 1) factors[t * n + j] = Math.exp(data[at + t * n + j] - max);
    off += max;
  }
  return off;
}

/** The labelling with the highest score; of equal ones the first. */
export function viterbi({ labels: n, steps, starts, ends }: ChainScores, { data, at, length }: Emissions): Int32Array {
  const path = new Int32Array(length);
  if (length === 0) return path;
  const from = new Int32Array(length * n);
  let best = Float64Array.from(starts, (start, j) => start + data[at + j]);
  for (let t = 1; t < length; t += 1) {
    const next = new Float64Array(n).fill(-Infinity);
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) {
        const score = best[i] + steps[i * n + j];
        if (score <= next[j]) continue;
        next[j] = score;
        from[t * n + j] = i;
      }
    }
    best = next.map((score, j) => score + data[at + t * n + j]);
  }
  const final = best.map((score, j) => score + ends[j]);
  let label = final.indexOf(Math.max(...final));
  for (let t = length - 1; t >= 0; t -= 1) {
    path[t] = label;
    label = from[t * n + label];
  }
  return path;
}
