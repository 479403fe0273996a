/**
 * Attention whose queries share heads of keys and values in groups, with the keys and values of earlier calls before its own.
 * Ainslie et al. 2023, https://arxiv.org/abs/2305.13245. A whole text's keys are repeated for their groups, so that `fuse-attention.ts`
 * recognises plain attention and no scores of all heads are kept; a continued text's are not (attention-with-past.ts).
 */
import type { KeyValue } from "./architectures/index.ts";
import { type Attended, attention, splitHeads } from "./attention.ts";
import { attentionWithPast } from "./attention-with-past.ts";
import type { GraphBuilder, Value } from "./graph.ts";

/** With the keys and values of this call, [B, M, S, D], when it had a past: they belong to that of the next. */
export interface AttendedWithPast extends Attended {
  readonly present?: KeyValue;
}

export interface GroupedAttentionOptions {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly scale: number;
  /** What each token sees, [B, 1, S, P + S]. */
  readonly bias: Value;
  readonly past?: KeyValue | undefined;
}

/** q is [B, S, N · D], k and v are [B, S, M · D] with N / M queries for each of the M heads of keys. */
export function groupedAttention(
  g: GraphBuilder,
  { q, k, v }: { q: Value; k: Value; v: Value },
  options: GroupedAttentionOptions,
): AttendedWithPast {
  const { heads, keyValueHeads, headSize: size, scale, bias, past } = options;
  const queries = splitHeads(g, q, { heads, size });
  if (!past) {
    const repeated = (x: Value) => splitHeads(g, repeatHeads(g, x, options), { heads, size });
    return attention(g, { q: queries, k: repeated(k), v: repeated(v) }, { scale, biases: [bias] });
  }
  const [key, value] = [k, v].map((x) => splitHeads(g, x, { heads: keyValueHeads, size }));
  const present = { key, value };
  return { ...attentionWithPast(g, { queries, ...present }, { ...options, past }), present };
}

/** Each head as often as it has queries: [B, S, M · D] → [B, S, N · D]. */
function repeatHeads(
  g: GraphBuilder,
  x: Value,
  { heads, keyValueHeads, headSize }: { heads: number; keyValueHeads: number; headSize: number },
): Value {
  if (heads === keyValueHeads) return x;
  const groups = g.unsqueeze(g.reshape(x, [0, 0, keyValueHeads, headSize]), [3]);
  const repeated = g.expand(groups, g.constant("int64", [1, 1, 1, heads / keyValueHeads, 1]));
  return g.reshape(repeated, [0, 0, heads * headSize]);
}
