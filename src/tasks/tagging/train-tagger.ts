/** A tagger from examples: sentences with a label a token, or texts with the stretches that are entities. */
import { SemspaceError, shown, wholeNumber } from "../../errors.ts";
import type { Span } from "../contextual/text-in-context.ts";
import { allowedSteps, toBio } from "./bio.ts";
import type { TaggedTokens } from "./conll.ts";
import { fitCrf } from "./fit-crf.ts";
import { Tagger } from "./tagger.ts";
import { joinedTokens, stacked, type TokenEncoder, type Units, unitsOf } from "./units.ts";

/** A text, and where its entities are, in UTF-16 indices. */
export interface TaggedText {
  text: string;
  entities: readonly { label: string; start: number; end: number }[];
}

export type TaggingExample = TaggedTokens | TaggedText;

export interface TaggerOptions {
  /** Larger fits the examples more closely. Default 1. */
  C?: number;
  /** Default 200. */
  maxIterations?: number;
  /** Done when no entry of the gradient is larger. Default 1e-5. */
  tolerance?: number;
  /** Hidden states of this layer, one of those the model was loaded with. Default: the last ones. */
  layer?: number;
  signal?: AbortSignal;
  onProgress?: (progress: TaggerProgress) => void;
}

export interface TaggerProgress {
  /** "encode" counts examples, "fit" passes over them (of which `total` is a guess from above). */
  stage: "encode" | "fit";
  done: number;
  total: number;
}

/**
 * Throws `invalid-argument` when there are no examples, none of them has an entity, or their labels and tokens differ in number, or an
 * entity does not lie in its text; rejects with the signal's reason.
 */
export async function trainTagger(
  context: TokenEncoder,
  examples: readonly TaggingExample[],
  { C = 1, maxIterations = 200, tolerance = 1e-5, layer, signal, onProgress }: TaggerOptions = {},
): Promise<Tagger> {
  if (!(C > 0 && C < Infinity)) throw new SemspaceError("invalid-argument", `C must be above 0, got ${C}.`);
  wholeNumber("maxIterations", maxIterations, 1);
  for (const [i, example] of examples.entries()) checkExample(example, i);
  const texts = examples.map((example) =>
    "tokens" in example ? joinedTokens(example.tokens) : { text: example.text },
  );
  const units = await unitsOf(context, texts, {
    ...{ layer, signal },
    onProgress: (done, total) => onProgress?.({ stage: "encode", done, total }),
  });
  const labelled = units.map((one, i) => labelsOfUnits(examples[i], one, i));
  const names = new Set(
    labelled
      .flat()
      .filter((label) => label !== "O")
      .map((label) => label.slice(2)),
  );
  if (names.size === 0)
    throw new SemspaceError(
      "invalid-argument",
      `None of the ${examples.length} examples has an entity. A tagger needs at least one.`,
    );
  const labels = ["O", ...[...names].sort().flatMap((name) => [`B-${name}`, `I-${name}`])];
  const numbers = new Map(labels.map((label, i) => [label, i]));
  const { vectors, starts } = stacked(units, context.dimensions);
  const targets = Int32Array.from(labelled.flat(), (label) => numbers.get(label)!);
  const fitted = fitCrf({ vectors, labels: targets, starts }, labels.length, {
    ...{ C, maxIterations, tolerance, allowed: allowedSteps(labels) },
    onPass: (pass) => {
      signal?.throwIfAborted();
      onProgress?.({ stage: "fit", done: Math.min(pass, maxIterations), total: maxIterations });
    },
  });
  const { weights, biases, chain } = fitted;
  return new Tagger(context, { labels, weights, biases, chain, layer, model: context.name });
}

function checkExample(example: TaggingExample, i: number): void {
  if ("tokens" in example) {
    if (example.tokens.length === example.labels.length) return;
    const message = `Example ${i} has ${example.tokens.length} tokens and ${example.labels.length} labels. Each token needs one.`;
    throw new SemspaceError("invalid-argument", message);
  }
  let last = 0;
  for (const { label, start, end } of [...example.entities].sort((a, b) => a.start - b.start)) {
    const fits = start >= last && start < end && end <= example.text.length;
    if (!fits || typeof label !== "string" || label === "")
      throw new SemspaceError(
        "invalid-argument",
        `An entity of example ${i} (${shown(label)}, ${start} to ${end}) must have a label, lie in its text of ${example.text.length}, and not overlap another.`,
      );
    last = end;
  }
}

/** A unit belongs to the entity that it touches. */
function labelsOfUnits(example: TaggingExample, { places }: Units, i: number): string[] {
  if ("tokens" in example) return toBio(example.labels, `Example ${i}`);
  const touches = (place: Span, entity: Span): boolean => place.start < entity.end && place.end > entity.start;
  let last: object | undefined;
  return places.map((place) => {
    const entity = example.entities.find((one) => touches(place, one));
    const begins = entity !== last;
    last = entity;
    return entity ? `${begins ? "B" : "I"}-${entity.label}` : "O";
  });
}
