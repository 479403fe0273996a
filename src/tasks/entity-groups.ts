/**
 * From the label probabilities of tokens to entities: the aggregation strategies of transformers 5.3
 * (`pipelines/token_classification.py`), with its rules for sub-words and for the prefixes B- and I-.
 * What differs: offsets are UTF-16 indices, as JavaScript's slice takes them.
 */
import { topK } from "../matrix/index.ts";

/** How tokens become entities; `first`, `average` and `max` let all tokens of a word have one label. */
export const aggregations = ["none", "simple", "first", "average", "max"] as const;
export type Aggregation = (typeof aggregations)[number];

/** A token with the probabilities of all labels. */
export interface LabelledToken {
  /** As the vocabulary spells it. */
  readonly token: string;
  readonly start: number;
  readonly end: number;
  /** Position among the tokens of the text, special tokens counted. */
  readonly index: number;
  /** Whether it continues the word of the token before. */
  readonly isSubword: boolean;
  readonly probabilities: Float32Array;
}

/** A stretch of text with its label: `text.slice(start, end)`. */
export interface Entity {
  /** Without B- and I-, except for `none`. */
  readonly label: string;
  /** Its probability; of several tokens the mean. */
  readonly score: number;
  /** The tokens put together again, normalised as the tokenizer normalises. */
  readonly word: string;
  /** UTF-16 index of the first character. */
  readonly start: number;
  /** UTF-16 index after the last character. */
  readonly end: number;
  /** Position of the token, for `none`. */
  readonly index?: number;
}

export interface AggregationContext {
  readonly labels: readonly string[];
  /** Tokens to text, as the tokenizer's decoder does. */
  readonly join: (tokens: readonly string[]) => string;
}

/** The entities of a text's tokens, in order, those of all labels. */
export function aggregate(
  tokens: readonly LabelledToken[],
  aggregation: Aggregation,
  context: AggregationContext,
): Entity[] {
  if (aggregation === "none" || aggregation === "simple") {
    const single = tokens.map((one): Entity => {
      const best = topK(one.probabilities, 1).indices[0];
      const { token: word, start, end, index } = one;
      return { label: context.labels[best], score: one.probabilities[best], word, start, end, index };
    });
    return aggregation === "none" ? single : grouped(single, context);
  }
  return grouped(
    words(tokens).map((word) => labelledWord(word, aggregation, context)),
    context,
  );
}

/** Of entities that overlap, as neighbouring windows of a long text find them, the longest; of equally long ones the likeliest. */
export function withoutOverlaps(entities: readonly Entity[]): Entity[] {
  const kept: Entity[] = [];
  for (const entity of entities.toSorted((a, b) => a.start - b.start)) {
    const last = kept.at(-1);
    if (!last || entity.start >= last.end) {
      kept.push(entity);
      continue;
    }
    const [length, lastLength] = [entity.end - entity.start, last.end - last.start];
    if (length > lastLength || (length === lastLength && entity.score > last.score)) kept[kept.length - 1] = entity;
  }
  return kept;
}

function words(tokens: readonly LabelledToken[]): LabelledToken[][] {
  const result: LabelledToken[][] = [];
  for (const token of tokens) {
    if (result.length > 0 && token.isSubword) result[result.length - 1].push(token);
    else result.push([token]);
  }
  return result;
}

function labelledWord(
  tokens: readonly LabelledToken[],
  aggregation: "first" | "average" | "max",
  { labels, join }: AggregationContext,
): Entity {
  const probabilities = {
    first: () => tokens[0].probabilities,
    max: () =>
      tokens.reduce((best, one) => (Math.max(...one.probabilities) > Math.max(...best.probabilities) ? one : best))
        .probabilities,
    average: () =>
      tokens[0].probabilities.map((_, i) => tokens.reduce((sum, one) => sum + one.probabilities[i], 0) / tokens.length),
  }[aggregation]();
  const best = topK(probabilities, 1).indices[0];
  return {
    label: labels[best],
    score: probabilities[best],
    word: join(tokens.map(({ token }) => token)),
    start: tokens[0].start,
    end: tokens[tokens.length - 1].end,
  };
}

/** Neighbours with the same label become one; a B- starts anew. */
function grouped(entities: readonly Entity[], { join }: AggregationContext): Entity[] {
  const groups: Entity[][] = [];
  for (const entity of entities) {
    const group = groups.at(-1);
    if (group && !entity.label.startsWith("B-") && tagOf(entity.label) === tagOf(group[group.length - 1].label)) {
      group.push(entity);
    } else groups.push([entity]);
  }
  return groups.map((group) => ({
    label: group[0].label.slice(group[0].label.indexOf("-") + 1),
    score: group.reduce((sum, { score }) => sum + score, 0) / group.length,
    word: join(group.map(({ word }) => word)),
    start: group[0].start,
    end: group[group.length - 1].end,
  }));
}

function tagOf(label: string): string {
  return /^[BI]-/.test(label) ? label.slice(2) : label;
}
