/**
 * Cuts one or two encodings to a length, before special tokens are added. Reference: Rust `tokenizers`, utils/truncation.
 * "longest_first" takes from the longer text until both are equally long, then from both.
 */
import { oneOf, SemspaceError, wholeNumber } from "../errors.ts";
import type { Encoding } from "./encoding.ts";
import { invalid, isObject, isWhole } from "./tokenizer-json.ts";

export type TruncationStrategy = "longest_first" | "only_first" | "only_second";
export type Side = "left" | "right";

export interface TruncationOptions {
  /** Most tokens that are kept, special tokens included. */
  maxLength: number;
  strategy?: TruncationStrategy;
  /** Tokens that each cut-off piece shares with the one before it. */
  stride?: number;
  /** The end that is cut off. */
  side?: Side;
}

const strategies: Readonly<Record<string, TruncationStrategy>> = {
  LongestFirst: "longest_first",
  OnlyFirst: "only_first",
  OnlySecond: "only_second",
};

/** The `truncation` of a tokenizer.json. */
export function readTruncation(json: unknown): TruncationOptions | undefined {
  if (json === undefined || json === null) return undefined;
  if (!isObject(json)) throw invalid("truncation", "must be an object", json);
  const { max_length: maxLength, strategy = "LongestFirst", stride = 0, direction = "Right" } = json;
  if (!isWhole(maxLength)) throw invalid("truncation.max_length", "must be a whole number", maxLength);
  if (!isWhole(stride)) throw invalid("truncation.stride", "must be a whole number", stride);
  if (typeof strategy !== "string" || !Object.hasOwn(strategies, strategy)) {
    throw invalid("truncation.strategy", `must be one of ${Object.keys(strategies).join(", ")}`, strategy);
  }
  if (direction !== "Left" && direction !== "Right")
    throw invalid("truncation.direction", "must be Left or Right", direction);
  return { maxLength, strategy: strategies[strategy], stride, side: direction === "Left" ? "left" : "right" };
}

/**
 * Cuts so that the texts and `added` special tokens have at most `maxLength` tokens together. Throws `invalid-argument` when
 * a text would have to lose more than it has, when there is no second text to cut, or when the stride is not below the length.
 */
export function truncate(
  first: Encoding,
  second: Encoding | undefined,
  { added, ...options }: TruncationOptions & { added: number },
): (Encoding | undefined)[] {
  const { strategy = "longest_first", stride = 0, side = "right" } = options;
  oneOf("truncation strategy", strategy, ["longest_first", "only_first", "only_second"]);
  oneOf("truncation side", side, ["left", "right"]);
  wholeNumber("stride", stride);
  if (wholeNumber("maxLength", options.maxLength) < added) {
    throw new SemspaceError(
      "invalid-argument",
      `maxLength ${options.maxLength} has no room for the ${added} special tokens. Use at least ${added}.`,
    );
  }
  const maxLength = options.maxLength - added;
  const part = (encoding: Encoding, length: number) => cut(encoding, length, { stride, side });
  if (maxLength === 0) return [part(first, 0), second && part(second, 0)];
  const excess = first.length + (second?.length ?? 0) - maxLength;
  if (excess <= 0) return [first, second];
  if (strategy === "longest_first") {
    if (!second) return [part(first, maxLength), undefined];
    const [one, two] = shares(first.length, second.length, maxLength);
    return [part(first, one), part(second, two)];
  }
  const target = strategy === "only_first" ? first : second;
  if (!target)
    throw new SemspaceError(
      "invalid-argument",
      'Truncation "only_second" needs a second text. Use "longest_first" or pass a pair.',
    );
  if (target.length <= excess) {
    const name = strategy === "only_first" ? "first" : "second";
    throw new SemspaceError(
      "invalid-argument",
      `The ${name} text has ${target.length} tokens, and ${excess} would have to go. Use a larger maxLength or "longest_first".`,
    );
  }
  const kept = part(target, target.length - excess);
  return strategy === "only_first" ? [kept, second] : [first, kept];
}

/** How many tokens each of two texts keeps. */
function shares(first: number, second: number, maxLength: number): [number, number] {
  let shorter = Math.min(first, second);
  let longer = shorter > maxLength ? shorter : Math.max(shorter, maxLength - shorter);
  if (shorter + longer > maxLength) {
    shorter = Math.floor(maxLength / 2);
    longer = shorter + (maxLength % 2);
  }
  return first > second ? [longer, shorter] : [shorter, longer];
}

/** Keeps `length` tokens of one side; the rest overflows in pieces of that length. */
function cut(encoding: Encoding, length: number, { stride, side }: { stride: number; side: Side }): Encoding {
  const total = encoding.length;
  if (length >= total) return encoding;
  if (length === 0) return encoding.slice(0, 0, () => [encoding]);
  if (stride >= length) {
    throw new SemspaceError(
      "invalid-argument",
      `stride ${stride} must be below the ${length} tokens that a text keeps. Use a smaller stride or a larger maxLength.`,
    );
  }
  const step = length - stride;
  const [start, end] = side === "right" ? [0, length] : [total - length, total];
  return encoding.slice(start, end, () => {
    const rest: Encoding[] = [];
    if (side === "right") {
      for (let from = step; from < total && from - step + length < total; from += step)
        rest.push(encoding.slice(from, Math.min(from + length, total)));
    } else {
      for (let to = total - step; to > 0 && to + step - length > 0; to -= step)
        rest.push(encoding.slice(Math.max(0, to - length), to));
    }
    return rest;
  });
}
