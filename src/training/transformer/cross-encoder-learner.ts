/** A classifier of texts or of pairs that learns; with one label a cross-encoder, whose score goes from 0 to 1. */
import { SemspaceError, shown } from "../../errors.ts";
import { sequenceClassification } from "../../transformers/heads/sequence-classification.ts";
import { logitsOutput } from "../../transformers/heads/head-graph.ts";
import { binaryCrossEntropy, targetFeeds } from "../gradient/binary-cross-entropy.ts";
import { crossEntropy, labelFeeds } from "../gradient/cross-entropy.ts";
import { type HeadKind, type HeadLearner, type HeadLearnerOptions, openHeadLearner } from "./head-learner.ts";
import { encodingBatch } from "./token-batches.ts";

/** A text or a pair, and what it is: the name of a label, or with one label a score from 0 to 1. */
export interface LabelledText {
  readonly text: string | readonly [string, string];
  readonly label: string | number;
}

/**
 * Opens a model for {@link trainHead}; an encoder without a head gets a new one.
 *
 * @example
 * const model = await crossEncoderLearner({ model: "models/all-MiniLM-L6-v2", labels: ["relevant"] });
 * await trainHead({ model, data: [{ text: ["what is rust", "Rust is a language"], label: 1 }, …], epochs: 1 });
 * await model.save("my-reranker"); // loadCrossEncoder, and CrossEncoder in Python
 */
export function crossEncoderLearner(options: HeadLearnerOptions): Promise<HeadLearner<LabelledText>> {
  return openHeadLearner(options, kind);
}

const kind: HeadKind<LabelledText> = {
  head: sequenceClassification,
  loss: (labels) => (labels === 1 ? binaryCrossEntropy(logitsOutput) : crossEntropy(logitsOutput)),
  className: "SequenceClassification",
  batch(examples, { tokenizer, maxLength, source }, labels) {
    const options = { truncation: { maxLength } };
    const encodings = tokenizer.encodeBatch(
      examples.map(({ text }) => text),
      options,
    );
    const tokens = encodingBatch(encodings, { padId: source.config.padTokenId, most: maxLength });
    if (labels.length === 1) return { tokens, answers: targetFeeds(Float32Array.from(examples, scoreOf)) };
    return { tokens, answers: labelFeeds(Int32Array.from(examples, ({ label }) => classOf(label, labels))) };
  },
};

function scoreOf({ label }: LabelledText): number {
  if (typeof label === "number" && label >= 0 && label <= 1) return label;
  throw new SemspaceError(
    "invalid-argument",
    `With one label an example's label is a number from 0 to 1, got ${shown(label)}.`,
  );
}

function classOf(label: string | number, labels: readonly string[]): number {
  const found = typeof label === "string" ? labels.indexOf(label) : label;
  if (Number.isInteger(found) && found >= 0 && found < labels.length) return found;
  throw new SemspaceError("invalid-argument", `The label ${shown(label)} is not among ${labels.join(", ")}.`);
}
