/**
 * From the logits of a language model to its next token: repetition penalty, temperature, top-k, top-p, then one draw.
 * Reference: the logits processors of transformers 5.3 (`generation/logits_process.py`), in the order in which `generate` applies
 * them. Keskar et al. 2019 (penalty, https://arxiv.org/abs/1909.05858), Holtzman et al. 2020 (top-p, https://arxiv.org/abs/1904.09751).
 * What differs: the penalty sees a row's own tokens, not the padding beside them, so that a text does not depend on its batch.
 */
import { topK as largest } from "../../matrix/index.ts";
import { SemspaceError, shown, wholeNumber } from "../../errors.ts";

export interface SamplingOptions {
  /** Divides the logits: below 1 the likely becomes likelier. 0, the default without `topK` and `topP`, always takes the likeliest token. */
  readonly temperature?: number | undefined;
  /** Only the k likeliest tokens can be drawn. */
  readonly topK?: number | undefined;
  /** Only the likeliest tokens that together reach this probability can be drawn, 0 to 1. */
  readonly topP?: number | undefined;
  /** Above 1, tokens of the text so far become less likely. Default 1. */
  readonly repetitionPenalty?: number | undefined;
}

/** What can be drawn: token ids, the likeliest first, and their probabilities, which sum to 1. */
export interface Candidates {
  readonly ids: Int32Array;
  readonly probabilities: Float64Array;
}

/** The options with their defaults. Throws `invalid-argument` for a number out of range. */
export function checkedSampling(options: SamplingOptions): Required<SamplingOptions> {
  const { topK, topP = 1, repetitionPenalty = 1 } = options;
  const { temperature = topK !== undefined || options.topP !== undefined ? 1 : 0 } = options;
  inRange("temperature", temperature, { least: 0, most: 1e6 });
  inRange("topP", topP, { least: 0, most: 1 });
  if (!(repetitionPenalty > 0)) {
    throw new SemspaceError(
      "invalid-argument",
      `repetitionPenalty must be a number above 0, got ${shown(repetitionPenalty)}. 1 changes nothing.`,
    );
  }
  return { temperature, topK: topK === undefined ? Infinity : wholeNumber("topK", topK, 1), topP, repetitionPenalty };
}

/** Makes what stands in `seen` less likely, in place. */
export function penalise(logits: Float32Array, seen: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const id of new Set(seen)) logits[id] = logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty;
}

/** The tokens that may come next. At temperature 0 this is the likeliest one; of several that are equally likely, the first. */
export function candidates(
  logits: Float32Array,
  { temperature, topK, topP }: Required<Pick<SamplingOptions, "temperature" | "topK" | "topP">>,
): Candidates {
  const first = largest(logits, 1);
  if (temperature === 0) return { ids: first.indices, probabilities: Float64Array.of(1) };
  const [highest] = first.scores;
  const lowest = topK < logits.length ? largest(logits, topK).scores[topK - 1] : -Infinity;
  const weight = (id: number) => (logits[id] < lowest ? 0 : Math.exp((logits[id] - highest) / temperature));
  let total = 0;
  for (let id = 0; id < logits.length; id += 1) total += weight(id);
  // Tokens below this share cannot reach 1 − topP together: they are removed before the rest is sorted.
  const least = (total * (1 - topP)) / logits.length;
  const ids: number[] = [];
  for (let id = 0; id < logits.length; id += 1) {
    const own = weight(id);
    if (own > 0 && own >= least) ids.push(id);
  }
  ids.sort((a, b) => logits[b] - logits[a] || a - b);
  const kept = nucleus(ids, { weight, total, topP });
  const sum = kept.reduce((all, id) => all + weight(id), 0);
  return { ids: Int32Array.from(kept), probabilities: Float64Array.from(kept, (id) => weight(id) / sum) };
}

/** The token that a number from 0 to below 1 falls on. */
export function draw({ ids, probabilities }: Candidates, random: number): number {
  let left = random;
  for (const [i, probability] of probabilities.entries()) {
    left -= probability;
    if (left < 0) return ids[i];
  }
  return ids[0];
}

/** Of ids by falling weight, those before which less than `topP` is reached; at least one. */
function nucleus(
  ids: readonly number[],
  { weight, total, topP }: { weight: (id: number) => number; total: number; topP: number },
): number[] {
  if (topP >= 1) return [...ids];
  let reached = 0;
  const end = ids.findIndex((id) => {
    const enough = reached >= topP * total;
    reached += weight(id);
    return enough;
  });
  return ids.slice(0, end === -1 ? ids.length : Math.max(1, end));
}

function inRange(name: string, value: number, { least, most }: { least: number; most: number }): void {
  if (value >= least && value <= most) return;
  throw new SemspaceError(
    "invalid-argument",
    `${name} must be a number from ${least} to ${most}, got ${shown(value)}.`,
  );
}
