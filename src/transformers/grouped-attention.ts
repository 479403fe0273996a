/**
 * Attention whose queries share heads of keys and values in groups, with the keys and values of earlier calls before its own.
 * Ainslie et al. 2023, https://arxiv.org/abs/2305.13245. Keys are not repeated: a group's queries are one more dimension.
 */
import type { KeyValue } from "./architectures/index.ts";
import { type Attended, attention, splitHeads } from "./attention.ts";
import type { GraphBuilder, Value } from "./graph.ts";

/** With the keys and values that the next call gets as its past. */
export interface AttendedWithPast extends Attended {
  readonly present: KeyValue;
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
  { heads, keyValueHeads, headSize: size, scale, bias, past }: GroupedAttentionOptions,
): AttendedWithPast {
  const queries = splitHeads(g, q, { heads, size });
  const ownKeys = splitHeads(g, k, { heads: keyValueHeads, size });
  const ownValues = splitHeads(g, v, { heads: keyValueHeads, size });
  const key = past ? g.concat([past.key, ownKeys], 2) : ownKeys;
  const value = past ? g.concat([past.value, ownValues], 2) : ownValues;
  const present = { key, value };
  if (heads === keyValueHeads) {
    return { ...attention(g, { q: queries, k: key, v: value }, { scale, biases: [bias] }), present };
  }
  const grouped = g.reshape(queries, [0, keyValueHeads, heads / keyValueHeads, -1, size]);
  const products = g.matmul(grouped, g.transpose(g.unsqueeze(key, [2]), [0, 1, 2, 4, 3]));
  const probabilities = g.softmax(g.add(g.mul(products, g.scalar(scale)), g.unsqueeze(bias, [1])));
  const context = g.transpose(g.matmul(probabilities, g.unsqueeze(value, [2])), [0, 3, 1, 2, 4]);
  return {
    context: g.reshape(context, [0, 0, heads * size]),
    probabilities: g.reshape(
      probabilities,
      g.concat([g.constant("int64", [0, heads]), g.tail(g.shape(probabilities), g.constant("int64", [2]), 0)]),
    ),
    present,
  };
}
