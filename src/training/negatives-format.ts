/** Mined negatives as the columns of a data set, in the four forms of sentence-transformers' `mine_hard_negatives`. */
import type { Candidate } from "./negative-filters.ts";

/**
 * "triplet": anchor, positive, negative, a row a negative. "n-tuple": anchor, positive, negative_1 …, only where there are enough of them.
 * "labeled-pair": anchor and positive with label 1, anchor and negative with label 0. "labeled-list": anchor with a list of documents and labels.
 */
export const negativesFormats = ["triplet", "n-tuple", "labeled-pair", "labeled-list"] as const;
export type NegativesFormat = (typeof negativesFormats)[number];

export interface MinedRows {
  /** Text columns by name; of "labeled-list" only the anchors. */
  columns: Record<string, string[]>;
  /** Of "labeled-pair": 1 and 0. */
  labels: number[] | undefined;
  /** Of "labeled-list": the documents of each anchor, its positive first, and their labels. */
  lists: { documents: string[]; labels: number[] }[] | undefined;
  /** Scores of each row's positive and negatives, in the order of the columns; of "labeled-pair" the one score. */
  scores: number[][];
}

/** What was found for an anchor. */
export interface FoundNegatives {
  anchor: string;
  /** Places in the corpus. */
  positives: readonly number[];
  positiveScores: readonly number[];
  negatives: readonly Candidate[];
}

export function minedRows(
  found: readonly FoundNegatives[],
  { corpus, format, negatives }: { corpus: readonly string[]; format: NegativesFormat; negatives: number },
): MinedRows {
  const table = new Rows(format === "labeled-pair");
  for (const each of found) {
    if (format === "labeled-pair") addPairs(table, each, corpus);
    else
      for (const [p, index] of each.positives.entries())
        addNegatives(table, each, {
          positive: corpus[index],
          score: each.positiveScores[p],
          corpus,
          format,
          negatives,
        });
  }
  return table.finish(format);
}

function addPairs(
  table: Rows,
  { anchor, positives, positiveScores, negatives }: FoundNegatives,
  corpus: readonly string[],
): void {
  for (const [p, index] of positives.entries())
    table.add({ anchor, positive: corpus[index] }, { scores: [positiveScores[p]], label: 1 });
  for (const { index, score } of negatives)
    table.add({ anchor, positive: corpus[index] }, { scores: [score], label: 0 });
}

interface Positive {
  positive: string;
  score: number;
  corpus: readonly string[];
  format: NegativesFormat;
  negatives: number;
}

function addNegatives(table: Rows, { anchor, negatives: all }: FoundNegatives, of: Positive): void {
  const { positive, score, corpus, format } = of;
  const texts = all.map(({ index }) => corpus[index]);
  const scores = all.map((each) => each.score);
  if (format === "triplet") {
    for (const [n, negative] of texts.entries())
      table.add({ anchor, positive, negative }, { scores: [score, scores[n]] });
  } else if (format === "n-tuple") {
    if (texts.length < of.negatives) return;
    const named = Object.fromEntries(texts.map((text, n) => [`negative_${n + 1}`, text]));
    table.add({ anchor, positive, ...named }, { scores: [score, ...scores] });
  } else if (texts.length > 0) {
    const list = { documents: [positive, ...texts], labels: [1, ...texts.map(() => 0)] };
    table.add({ anchor }, { scores: [score, ...scores], list });
  }
}

class Rows {
  readonly #columns: Record<string, string[]> = {};
  readonly #scores: number[][] = [];
  readonly #labels: number[] = [];
  readonly #lists: { documents: string[]; labels: number[] }[] = [];
  readonly #labelled: boolean;

  constructor(labelled: boolean) {
    this.#labelled = labelled;
  }

  add(
    texts: Readonly<Record<string, string>>,
    { scores, label, list }: { scores: number[]; label?: number; list?: { documents: string[]; labels: number[] } },
  ): void {
    for (const [name, text] of Object.entries(texts)) (this.#columns[name] ??= []).push(text);
    this.#scores.push(scores);
    if (label !== undefined) this.#labels.push(label);
    if (list) this.#lists.push(list);
  }

  finish(format: NegativesFormat): MinedRows {
    return {
      columns: this.#columns,
      labels: this.#labelled ? this.#labels : undefined,
      lists: format === "labeled-list" ? this.#lists : undefined,
      scores: this.#scores,
    };
  }
}
