/** Labels as people give them → numbers, checked. */
import { SemspaceError } from "../../errors.ts";
import type { Targets } from "./head.ts";

/** One label a text, or a list of labels a text. */
export type Labels = readonly string[] | readonly (readonly string[])[];

/**
 * Throws `mismatch` when texts and labels differ in number, `invalid-argument` for a missing label, for lists and single labels mixed,
 * and for fewer than two labels (of lists: none).
 */
export function readTargets(labels: Labels, count: number): Targets {
  if (labels.length !== count)
    throw new SemspaceError("mismatch", `${count} texts need ${count} labels, got ${labels.length}.`);
  const multiLabel = Array.isArray(labels[0]);
  const lists = labels.map((given: string | readonly string[], i) => checked(given, i, multiLabel));
  const names = [...new Set(lists.flat())].toSorted();
  if (names.length < (multiLabel ? 1 : 2)) {
    const got = names.length === 0 ? "none" : `only ${JSON.stringify(names[0])}`;
    throw new SemspaceError(
      "invalid-argument",
      `A classifier needs texts of at least ${multiLabel ? "one label" : "2 different labels"}, got ${got}.`,
    );
  }
  const numbers = new Map(names.map((name, i) => [name, i]));
  return { labels: names, multiLabel, rows: lists.map((list) => [...new Set(list)].map((name) => numbers.get(name)!)) };
}

function checked(given: unknown, i: number, multiLabel: boolean): string[] {
  if (Array.isArray(given) !== multiLabel)
    throw new SemspaceError(
      "invalid-argument",
      `Text ${i} has ${multiLabel ? "one label" : "a list of labels"}, text 0 ${multiLabel ? "a list" : "one label"}. Give lists for all texts, or for none.`,
    );
  const list: unknown[] = multiLabel ? (given as unknown[]) : [given];
  for (const label of list)
    if (typeof label !== "string" || label.trim() === "")
      throw new SemspaceError(
        "invalid-argument",
        `The label of text ${i} is missing (${JSON.stringify(label)}). Every text needs a label that is no empty string.`,
      );
  return list as string[];
}

/** [rows, labels], 1 where a row has a label. */
export function membership({ rows, labels }: Targets): Uint8Array {
  const members = new Uint8Array(rows.length * labels.length);
  for (const [i, row] of rows.entries()) for (const label of row) members[i * labels.length + label] = 1;
  return members;
}
