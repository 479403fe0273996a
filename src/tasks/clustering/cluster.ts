/** Texts into groups that nobody named: by their vectors, with the words and the texts that say what each group is about. */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { Matrix, normalized, silhouetteOf } from "../../matrix/index.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { loadEmbedder } from "../../texts/index.ts";
import { encodeSettings } from "../model-probe.ts";
import { classWords } from "./class-words.ts";
import { type GroupOptions, groupVectors } from "./group-vectors.ts";

export interface ClusterOptions extends GroupOptions {
  /** Gives the vectors of texts. Default: the model that the package ships. */
  embedder?: Pick<Embedder, "encode">;
  /** Words that name a group. Default 5. */
  words?: number;
  /** Words that name nothing, in lower case, besides English ones. */
  stopWords?: Iterable<string>;
  /** Texts that stand for a group. Default 3. */
  central?: number;
  /** The texts of given vectors, for the names. */
  texts?: readonly string[];
  promptName?: string;
  onProgress?: (progress: { done: number; total: number }) => void;
}

export interface Cluster {
  readonly size: number;
  /** The words that characterise it (c-TF-IDF), the most telling first; none for vectors without texts. */
  readonly words: readonly string[];
  /** The texts nearest to its middle, by number. */
  readonly central: readonly number[];
}

export interface Clustering {
  /** The group of each text, 0 … groups − 1, the largest is 0; −1 for none. */
  readonly labels: Int32Array;
  readonly clusters: readonly Cluster[];
  /** Unit vectors of the texts. */
  readonly vectors: Matrix;
  /** How well the groups fit, −1 … 1, of a sample where there are many texts; texts in no group do not count. */
  readonly silhouette: number;
  /** HDBSCAN: how firmly each text belongs to its group, and how far out it lies, 0 … 1. */
  readonly probabilities?: Float64Array;
  readonly outliers?: Float64Array;
}

/**
 * Groups texts, or vectors that there are already. Throws `invalid-argument` for more groups than texts, for options that the method
 * does not have and for vectors that are not finite; `mismatch` for vectors and texts that differ in number; the signal's reason.
 *
 * @example
 * const { clusters, labels } = await cluster(texts, { clusters: 8 });
 * clusters[0].words; // ["space", "nasa", "orbit", "launch", "shuttle"]
 */
export async function cluster(input: readonly string[] | Matrix, options: ClusterOptions = {}): Promise<Clustering> {
  const { words = 5, central = 3, stopWords } = options;
  wholeNumber("words", words);
  wholeNumber("central", central);
  const texts = input instanceof Matrix ? options.texts : input;
  const vectors = input instanceof Matrix ? normalized(input) : await encoded(input, options);
  check(vectors, texts);
  const groups = groupVectors(vectors, options);
  const { labels } = groups;
  const count = labels.reduce((most, label) => Math.max(most, label), -1) + 1;
  const names = texts && words > 0 ? classWords(texts, labels, { top: words, stopWords }) : [];
  const clusters = Array.from({ length: count }, (_, label): Cluster => {
    const members = Array.from(labels.keys()).filter((i) => labels[i] === label);
    return {
      size: members.length,
      words: names[label] ?? [],
      central: mostCentral(vectors, members).slice(0, central),
    };
  });
  return { ...groups, clusters, vectors, silhouette: silhouetteOf(vectors, labels) };
}

async function encoded(texts: readonly string[], options: ClusterOptions): Promise<Matrix> {
  const { promptName, signal, onProgress } = options;
  const own = options.embedder ? undefined : await loadEmbedder();
  try {
    return await (options.embedder ?? own!).encode(texts, {
      ...encodeSettings(promptName),
      ...(signal && { signal }),
      progress: ({ done }) => onProgress?.({ done, total: texts.length }),
    });
  } finally {
    await own?.dispose();
  }
}

function check({ data, rows, columns }: Matrix, texts: readonly string[] | undefined): void {
  if (texts && texts.length !== rows)
    throw new SemspaceError("mismatch", `${rows} vectors need as many texts, got ${texts.length}.`);
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1)
    throw new SemspaceError(
      "invalid-argument",
      `Vector ${Math.floor(wrong / columns)} holds ${data[wrong]}; vectors must be finite numbers.`,
    );
}

/** By the cosine to the mean of the group. */
function mostCentral(unit: Matrix, members: readonly number[]): number[] {
  const middle = new Float64Array(unit.columns);
  for (const i of members) for (const [j, value] of unit.row(i).entries()) middle[j] += value;
  const nearness = new Map(members.map((i) => [i, unit.row(i).reduce((sum, value, j) => sum + value * middle[j], 0)]));
  return members.toSorted((a, b) => nearness.get(b)! - nearness.get(a)! || a - b);
}
