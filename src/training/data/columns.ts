/**
 * Which columns of a file are texts, and which is the label. As in sentence-transformers a loss gets the texts by their order and
 * "label", "labels", "score" and "scores" are reserved; differs: known names are put into the order anchor, positive, negatives,
 * whatever their order in the file, and columns of other names are left out instead of taken.
 */
import { SemspaceError, shown } from "../../errors.ts";

export interface ColumnChoice {
  /** Text columns in the order in which the loss gets them. Default: recognised by their names. */
  columns?: readonly string[] | undefined;
  /** The column of scores or classes; null takes none. Default: label, labels, score or scores, where there is one. */
  label?: string | null | undefined;
}

export interface ChosenColumns {
  texts: readonly string[];
  label: string | undefined;
}

const first = ["anchor", "query", "question", "premise", "sentence1", "text1", "sentence_a", "sentence", "text"];
const second = ["positive", "answer", "document", "passage", "hypothesis", "sentence2", "text2", "sentence_b"];
const labelNames = ["label", "labels", "score", "scores", "similarity_score"];

/** Throws `invalid-file` when a column that was asked for is not there, or none has a known name. */
export function chooseColumns(
  name: string,
  present: readonly string[],
  { columns, label }: ColumnChoice = {},
): ChosenColumns {
  const has = `It has the columns ${present.map((column) => shown(column)).join(", ") || "nothing"}.`;
  for (const wanted of [...(columns ?? []), ...(typeof label === "string" ? [label] : [])]) {
    if (!present.includes(wanted)) {
      throw new SemspaceError("invalid-file", `${name} has no column ${shown(wanted)}. ${has}`);
    }
  }
  const byName = (names: readonly string[]): string | undefined =>
    names.map((each) => present.find((column) => column.toLowerCase() === each)).find((found) => found !== undefined);
  const chosenLabel = label === undefined ? byName(labelNames) : (label ?? undefined);
  const texts = columns ?? [
    ...[byName(first), byName(second)].filter((column) => column !== undefined),
    ...negatives(present),
  ];
  if (texts.length === 0 || new Set(texts).size < texts.length) {
    throw new SemspaceError(
      "invalid-file",
      `${name} has no columns to learn from. ${has} Known names are anchor, positive, negative; sentence1, sentence2, score; text, label; or name the text columns (columns).`,
    );
  }
  return { texts, label: texts.includes(chosenLabel ?? "") ? undefined : chosenLabel };
}

/** negative, negative_1, negative2 … by their numbers. */
function negatives(present: readonly string[]): string[] {
  const number = (column: string): number => Number(/\d+$/.exec(column)?.[0] ?? 0);
  return present.filter((column) => /^negatives?[_-]?\d*$/i.test(column)).toSorted((a, b) => number(a) - number(b));
}
