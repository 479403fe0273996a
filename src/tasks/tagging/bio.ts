/**
 * Labels of tokens in the BIO scheme and the stretches they mean. What is read more widely: IOB1 (a stretch may begin with I-), BIOES and
 * BILOU (S- and U- are single tokens, E- and L- last ones); all become BIO.
 */
import { SemspaceError, shown } from "../../errors.ts";

/** Tokens `start … end` are one entity. */
export interface TokenSpan {
  label: string;
  start: number;
  end: number;
}

const marked = /^([BIESLU])-(.+)$/s;

/** Whether this is a label of one of these schemes. */
export function isLabel(text: string): boolean {
  return text === "O" || text === "-" || marked.test(text);
}

/** The same labels in BIO: "O", "B-NAME", "I-NAME". Throws `invalid-file` for a label of another form. */
export function toBio(labels: readonly string[], where = "The sentence"): string[] {
  let last = "";
  return labels.map((label) => {
    if (label === "O" || label === "-") {
      last = "";
      return "O";
    }
    const match = marked.exec(label);
    if (!match)
      throw new SemspaceError(
        "invalid-file",
        `${where} has the label ${shown(label)}. Labels are O, B-NAME and I-NAME.`,
      );
    const [, mark, name] = match;
    const begins = mark === "B" || mark === "S" || mark === "U" || last !== name;
    last = mark === "E" || mark === "L" || mark === "S" || mark === "U" ? "" : name;
    return `${begins ? "B" : "I"}-${name}`;
  });
}

/** The entities of BIO labels. */
export function spansOf(labels: readonly string[]): TokenSpan[] {
  const spans: TokenSpan[] = [];
  for (const [i, label] of labels.entries()) {
    if (label.startsWith("B-")) spans.push({ label: label.slice(2), start: i, end: i + 1 });
    else if (label.startsWith("I-") && spans.length > 0) spans[spans.length - 1].end = i + 1;
  }
  return spans;
}

/** Which label may follow which: [labels, labels] from row to column, then what may begin. An I- follows a B- or I- of its name only. */
export function allowedSteps(labels: readonly string[]): { steps: Uint8Array; starts: Uint8Array } {
  const n = labels.length;
  const steps = new Uint8Array(n * n);
  const starts = Uint8Array.from(labels, (label) => (label.startsWith("I-") ? 0 : 1));
  for (const [i, from] of labels.entries())
    for (const [j, to] of labels.entries())
      steps[i * n + j] = !to.startsWith("I-") || (from !== "O" && from.slice(2) === to.slice(2)) ? 1 : 0;
  return { steps, starts };
}
