/**
 * The senses of a word from its uses, as in word sense induction by language models: their vectors, scaled to length 1, in groups. A number
 * of senses is found by k-means; a threshold by average linkage of cosines (Amrami and Goldberg 2019, https://arxiv.org/abs/1905.12598),
 * which alone would rather set single odd uses apart. Without either, the number is taken whose groups fit best by silhouette.
 */
import { SemspaceError, shown, wholeNumber } from "../../errors.ts";
import { cutMerges, kMeans, linkage, type Matrix, normalized, silhouette } from "../../matrix/index.ts";
import { tellingWords } from "./telling-words.ts";
import type { WordInContext } from "./word-uses.ts";

export interface SensesOptions {
  /** Number of senses. Default: the number from 2 to 8 with the best silhouette, or 1 where no two uses differ. */
  readonly k?: number | undefined;
  /** Join groups while the mean cosine between them is at least this, instead of a number of senses. */
  readonly threshold?: number | undefined;
  /** Most words that tell a sense from the others. Default 5. */
  readonly words?: number | undefined;
}

/** One sense: uses of the word that lie together. */
export interface Sense {
  /** Rows of `uses`, the most typical first: nearest to the middle of the sense. */
  readonly uses: readonly number[];
  /** Cosine of each of them with the middle of the sense. */
  readonly typicality: Float32Array;
  /** The text of each of them. */
  readonly sentences: readonly string[];
  /** Words that these texts have and the others have not, the most telling first. */
  readonly words: readonly string[];
}

export interface WordSenses extends WordInContext {
  /** The largest first. */
  readonly senses: readonly Sense[];
  /** The sense of each use. */
  readonly labels: Int32Array;
  /** How well the uses fall apart into these senses, −1 … 1; 0 for one sense. */
  readonly silhouette: number;
}

/** Where no number is given, no more senses are tried. */
const MOST_SENSES = 8;
/** Distances below this are rounding. */
const EQUAL = 1e-6;

/** Throws `invalid-argument` for both `k` and `threshold`, or more senses than uses. */
export function sensesOf(
  found: WordInContext,
  texts: readonly string[],
  { k, threshold, words = 5 }: SensesOptions,
): WordSenses {
  const { uses, vectors, similarities } = found;
  check(uses.length, { k, threshold });
  wholeNumber("words", words);
  const distances = Float64Array.from(similarities.data, (cosine) => (1 - cosine < EQUAL ? 0 : 1 - cosine));
  const unit = normalized(vectors);
  const labels = bySize(uses.length === 0 ? new Int32Array() : labelsOf(unit, distances, { k, threshold }));
  const sentences = uses.map(({ text }) => texts[text]);
  const telling = tellingWords(sentences, labels, { top: words, without: found.word.trim() });
  const senses = telling.map((own, label): Sense => {
    const members = [...uses.keys()].filter((use) => labels[use] === label);
    const { order, typicality } = byTypicality(unit, members);
    return { uses: order, typicality, sentences: order.map((use) => sentences[use]), words: own };
  });
  return { ...found, senses, labels, silhouette: silhouette(distances, labels) };
}

function check(uses: number, { k, threshold }: Pick<SensesOptions, "k" | "threshold">): void {
  if (k !== undefined && threshold !== undefined)
    throw new SemspaceError("invalid-argument", "Give either k or threshold, got both.");
  if (k !== undefined && wholeNumber("k", k, 1) > uses)
    throw new SemspaceError("invalid-argument", `${k} senses need as many uses, the texts have ${uses}.`);
  if (threshold !== undefined && !(threshold >= -1 && threshold <= 1))
    throw new SemspaceError("invalid-argument", `threshold is a cosine, -1 to 1, got ${shown(threshold)}.`);
}

function labelsOf(
  unit: Matrix,
  distances: Float64Array,
  { k, threshold }: Pick<SensesOptions, "k" | "threshold">,
): Int32Array {
  const n = unit.rows;
  if (threshold !== undefined) return cutMerges(linkage(distances.slice(), n), { distance: 1 - threshold });
  if (k !== undefined) return kMeans(unit, { clusters: k }).labels;
  let best: Int32Array = new Int32Array(n);
  let highest = 0;
  if (!distances.some((distance) => distance > 0)) return best;
  for (let clusters = 2; clusters <= Math.min(MOST_SENSES, n - 1); clusters += 1) {
    const { labels } = kMeans(unit, { clusters });
    const score = silhouette(distances, labels);
    if (score > highest) [best, highest] = [labels, score];
  }
  return best;
}

/** The same groups, the largest is 0; equals in the order of their first uses. */
function bySize(labels: Int32Array): Int32Array {
  const sizes: number[] = [];
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  const order = [...sizes.keys()].toSorted((a, b) => sizes[b] - sizes[a] || labels.indexOf(a) - labels.indexOf(b));
  return labels.map((label) => order.indexOf(label));
}

function byTypicality(unit: Matrix, members: readonly number[]): { order: number[]; typicality: Float32Array } {
  const middle = new Float64Array(unit.columns);
  for (const use of members) for (const [j, value] of unit.row(use).entries()) middle[j] += value;
  const length = Math.max(Math.hypot(...middle), 1e-12);
  const cosines = new Map(
    members.map((use) => [use, unit.row(use).reduce((sum, value, j) => sum + value * middle[j], 0) / length]),
  );
  const order = [...members].toSorted((a, b) => cosines.get(b)! - cosines.get(a)! || a - b);
  return { order, typicality: Float32Array.from(order, (use) => cosines.get(use)!) };
}
