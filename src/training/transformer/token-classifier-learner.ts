/** A classifier of words that learns, such as of named entities: B-PER, I-PER, O. A word's first token stands for it; the others are not asked for. */
import { SemspaceError, shown } from "../../errors.ts";
import { logitsOutput } from "../../transformers/heads/head-graph.ts";
import { tokenClassification } from "../../transformers/heads/token-classification.ts";
import { crossEntropy, labelFeeds } from "../gradient/cross-entropy.ts";
import { type HeadKind, type HeadLearner, type HeadLearnerOptions, openHeadLearner } from "./head-learner.ts";
import { encodingBatch } from "./token-batches.ts";

/** A sentence as words, each with the name of its label. */
export interface LabelledWords {
  readonly words: readonly string[];
  readonly tags: readonly string[];
}

/**
 * Opens a model for {@link trainHead}; an encoder without a head gets a new one.
 *
 * @example
 * const model = await tokenClassifierLearner({ model: "models/all-MiniLM-L6-v2", labels: ["O", "B-PER", "I-PER"] });
 * await trainHead({ model, data: [{ words: ["Ada", "Lovelace", "wrote"], tags: ["B-PER", "I-PER", "O"] }, …] });
 * await model.save("my-entities"); // loadTokenClassifier, and AutoModelForTokenClassification in Python
 */
export function tokenClassifierLearner(options: HeadLearnerOptions): Promise<HeadLearner<LabelledWords>> {
  return openHeadLearner(options, kind);
}

const kind: HeadKind<LabelledWords> = {
  head: tokenClassification,
  loss: () => crossEntropy(logitsOutput),
  className: "TokenClassification",
  batch(examples, { tokenizer, maxLength, source }, labels) {
    const options = { truncation: { maxLength } };
    const encodings = examples.map((example) => tokenizer.encode(joined(example), options));
    const tokens = encodingBatch(encodings, { padId: source.config.padTokenId, most: maxLength });
    const answers = new Int32Array(tokens.rows * tokens.columns).fill(-1);
    for (const [row, { words, tags }] of examples.entries()) {
      const tagAt = new Map<number, number>();
      let start = 0;
      for (const [i, word] of words.entries()) {
        tagAt.set(start, tagOf(tags[i], labels));
        start += word.length + 1;
      }
      const { offsets, specialTokensMask } = encodings[row];
      for (const [column, [from]] of offsets.entries()) {
        const tag = specialTokensMask[column] === 1 ? undefined : tagAt.get(from);
        if (tag === undefined) continue;
        answers[row * tokens.columns + column] = tag;
        tagAt.delete(from);
      }
    }
    return { tokens, answers: labelFeeds(answers) };
  },
};

function joined({ words, tags }: LabelledWords): string {
  if (words.length === tags.length && words.length > 0) return words.join(" ");
  throw new SemspaceError(
    "mismatch",
    `A sentence has ${words.length} words and ${tags.length} tags; it needs one tag a word.`,
  );
}

function tagOf(tag: string, labels: readonly string[]): number {
  const found = labels.indexOf(tag);
  if (found >= 0) return found;
  throw new SemspaceError("invalid-argument", `The tag ${shown(tag)} is not among ${labels.join(", ")}.`);
}
