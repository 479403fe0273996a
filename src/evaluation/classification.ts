/**
 * How much of a label is in a vector? A logistic regression is fitted to the unit vectors of the training texts and asked for
 * the labels of the test texts: the linear probe that SentEval, MTEB and tokenlearn use.
 */
import { SemspaceError, shown } from "../errors.ts";
import { fitLogisticRegression, type LogisticRegressionOptions, Matrix } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import { type Confusion, confusion } from "./confusion.ts";

export interface LabelledText {
  text: string;
  label: string;
}

export interface ClassificationOptions extends Omit<LogisticRegressionOptions, "C"> {
  /** scikit-learn's C, or several: then that which is best on every tenth training text, fitted to the others, is used. Default 1. */
  C?: number | readonly number[];
}

export interface ClassificationResult extends Confusion {
  /** The C that was used. */
  C: number;
}

/**
 * Throws `invalid-argument` when there are no test texts, fewer than two labels in training, or fewer than ten training texts
 * to choose among several C.
 *
 * @example
 * const { accuracy, macroF1 } = await evaluateClassification(embedder, { train, test }, { C: [1, 10, 100] });
 */
export async function evaluateClassification(
  embedder: Pick<Embedder, "encode">,
  { train, test }: { train: readonly LabelledText[]; test: readonly LabelledText[] },
  { C = 1, ...options }: ClassificationOptions = {},
): Promise<ClassificationResult> {
  if (test.length === 0) {
    throw new SemspaceError("invalid-argument", "There are no test texts; classification is measured on at least one.");
  }
  const encode = (texts: readonly LabelledText[]): Promise<Matrix> =>
    embedder.encode(
      texts.map(({ text }) => text),
      { normalize: true },
    );
  const known: Labelled = { vectors: await encode(train), labels: train.map(({ label }) => label) };
  const asked: Labelled = { vectors: await encode(test), labels: test.map(({ label }) => label) };
  const fitting = { maxIterations: 1000, ...options };
  const chosen = typeof C === "number" ? C : bestC(known, C, fitting);
  const classifier = fitLogisticRegression(known.vectors, known.labels, { ...fitting, C: chosen });
  return { ...confusion(asked.labels, classifier.predict(asked.vectors)), C: chosen };
}

/** Reads one text a line, its label before the first space, as the TREC and SST files are written. Throws `invalid-file`. */
export function readLabelledTexts(file: string): LabelledText[] {
  const texts: LabelledText[] = [];
  for (const [i, line] of file.split("\n").entries()) {
    const content = line.trim();
    if (content === "") continue;
    const space = content.search(/\s/);
    if (space === -1) {
      throw new SemspaceError("invalid-file", `Line ${i + 1} has no text after its label ${shown(content)}.`);
    }
    texts.push({ label: content.slice(0, space), text: content.slice(space + 1) });
  }
  return texts;
}

interface Labelled {
  vectors: Matrix;
  labels: readonly string[];
}

/** One training text of this many is held back to choose C. */
const heldOut = 10;

function bestC(all: Labelled, candidates: readonly number[], fitting: LogisticRegressionOptions): number {
  if (candidates.length === 0) throw new SemspaceError("invalid-argument", "The list of values for C is empty.");
  if (all.labels.length < heldOut) {
    throw new SemspaceError(
      "invalid-argument",
      `Choosing among several C needs ${heldOut} training texts, got ${all.labels.length}. Pass one C.`,
    );
  }
  const held = select(all, (i) => i % heldOut === heldOut - 1);
  const rest = select(all, (i) => i % heldOut !== heldOut - 1);
  const scored = candidates.map((C) => {
    const classifier = fitLogisticRegression(rest.vectors, rest.labels, { ...fitting, C });
    return { C, accuracy: confusion(held.labels, classifier.predict(held.vectors)).accuracy };
  });
  return scored.reduce((best, next) => (next.accuracy > best.accuracy ? next : best)).C;
}

function select({ vectors, labels }: Labelled, keep: (i: number) => boolean): Labelled {
  const chosen = labels.map((_, i) => i).filter(keep);
  return { vectors: Matrix.fromRows(chosen.map((i) => vectors.row(i))), labels: chosen.map((i) => labels[i]) };
}
