/** Which tokens a token looks at: the attention of one layer over a text, of one head or the mean of all. */
import { SemspaceError } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import type { TokenReader } from "./token-reader.ts";

/** The attention of a layer, as the tokens see each other. */
export interface AttentionMap {
  readonly tokens: readonly string[];
  /** Token i is `text.slice(offsets[2 * i], offsets[2 * i + 1])`. */
  readonly offsets: Int32Array;
  /** Row i says how much token i takes from every token; a row sums to 1: [tokens, tokens]. */
  readonly weights: Matrix;
  /** How many heads the layer has. */
  readonly heads: number;
}

/** Throws `invalid-argument` for a head that the model does not have, or a text longer than it takes. */
export async function attentionMap(
  reader: TokenReader,
  text: string,
  { layer, head }: { layer: number; head: number | undefined },
): Promise<AttentionMap> {
  const { encoding, attention } = await reader.attend(text, layer);
  const heads = attention.shape[1];
  if (head !== undefined && !(Number.isInteger(head) && head >= 0 && head < heads))
    throw new SemspaceError("invalid-argument", `There is no head ${head}. Heads are 0 to ${heads - 1}.`);
  const { length } = encoding;
  const area = length * length;
  const weights = new Matrix(new Float32Array(area), length, length);
  const chosen = head === undefined ? Array.from({ length: heads }, (_, i) => i) : [head];
  for (const one of chosen)
    for (let i = 0; i < area; i += 1) weights.data[i] += attention.data[one * area + i] / chosen.length;
  return { tokens: encoding.tokens, offsets: Int32Array.from(encoding.offsets.flat()), weights, heads };
}
