/** Brings encodings to one length with padding tokens, which the attention mask leaves out. Reference: Rust `tokenizers`, utils/padding. */
import { oneOf, SemspaceError, wholeNumber } from "../errors.ts";
import { type Encoding, fromTokens } from "./encoding.ts";
import { invalid, isObject, isWhole } from "./tokenizer-json.ts";
import type { Side } from "./truncation.ts";

export interface PaddingOptions {
  /** Length to pad to; without it the longest of the batch. */
  length?: number;
  /** Rounds the length up to a multiple of this. */
  multipleOf?: number;
  /** The end where padding goes. */
  side?: Side;
  id?: number;
  typeId?: number;
  token?: string;
}

/** The `padding` of a tokenizer.json. */
export function readPadding(json: unknown): PaddingOptions | undefined {
  if (json === undefined || json === null) return undefined;
  if (!isObject(json)) throw invalid("padding", "must be an object", json);
  const {
    strategy = "BatchLongest",
    direction = "Right",
    pad_to_multiple_of: multipleOf,
    pad_id: id = 0,
    pad_type_id: typeId = 0,
    pad_token: token = "[PAD]",
  } = json;
  const fixed = isObject(strategy) ? strategy["Fixed"] : undefined;
  if (strategy !== "BatchLongest" && !isWhole(fixed))
    throw invalid("padding.strategy", 'must be "BatchLongest" or {"Fixed": length}', strategy);
  if (direction !== "Left" && direction !== "Right")
    throw invalid("padding.direction", "must be Left or Right", direction);
  if (!isWhole(id) || !isWhole(typeId) || typeof token !== "string")
    throw invalid("padding", "must name its token by id, type and text", json);
  if (multipleOf !== undefined && multipleOf !== null && !isWhole(multipleOf))
    throw invalid("padding.pad_to_multiple_of", "must be a whole number", multipleOf);
  return {
    side: direction === "Left" ? "left" : "right",
    id,
    typeId,
    token,
    ...(isWhole(fixed) ? { length: fixed } : {}),
    ...(isWhole(multipleOf) ? { multipleOf } : {}),
  };
}

/** Longest that padding makes; a tokenizer.json may ask for any number. */
const mostPadded = 1 << 20;

/** Pads all to one length; an encoding that is longer stays as it is. Throws `invalid-argument` for a length beyond 2^20. */
export function pad(encodings: readonly Encoding[], options: PaddingOptions = {}): Encoding[] {
  const { multipleOf = 0, side = "right" } = options;
  oneOf("padding side", side, ["left", "right"]);
  wholeNumber("padding multipleOf", multipleOf);
  let length =
    options.length === undefined
      ? encodings.reduce((most, one) => Math.max(most, one.length), 0)
      : wholeNumber("padding length", options.length);
  if (multipleOf > 0 && length % multipleOf > 0) length += multipleOf - (length % multipleOf);
  if (length > mostPadded) {
    throw new SemspaceError(
      "invalid-argument",
      `Cannot pad to ${length} tokens; at most ${mostPadded} are made. Use a smaller length or multipleOf.`,
    );
  }
  return encodings.map((encoding) => padOne(encoding, length, { ...options, side }));
}

function padOne(encoding: Encoding, length: number, options: PaddingOptions & { side: Side }): Encoding {
  const { id = 0, typeId = 0, token = "[PAD]", side } = options;
  const missing = Math.max(0, length - encoding.length);
  const padding = fromTokens(Array<number>(missing).fill(id), Array<string>(missing).fill(token), {
    typeId,
    attention: 0,
  });
  const bare = encoding.slice(0, encoding.length);
  const padded = side === "right" ? bare.concat(padding) : padding.concat(bare);
  return padded.slice(0, padded.length, () => encoding.overflowing.map((cut) => padOne(cut, length, options)));
}
