/** Attention of tokens to each other whose queries, keys and values come from one Linear, with rotary positions. */
import { type Attended, attention, splitHeads } from "./attention.ts";
import { checkSharedHeads, type TransformerConfig } from "./config.ts";
import type { GraphBuilder, Value } from "./graph.ts";
import { linear } from "./layers.ts";
import { rotate, type Rotation } from "./rotary.ts";

export interface PackedAttention {
  readonly config: TransformerConfig;
  /** Of the Linear to queries, keys and values, one after the other. */
  readonly name: string;
  readonly bias: boolean;
  /** Of [B, S, H]. */
  readonly shape: Value;
  readonly rotation: Rotation;
  /** What each token sees. */
  readonly biases: readonly Value[];
}

/** `tokens` are [B · S, H]. */
export function packedAttention(
  g: GraphBuilder,
  tokens: Value,
  { config, name, bias, shape, rotation, biases }: PackedAttention,
): Attended {
  checkSharedHeads(config);
  const { hiddenSize, heads, headSize: size } = config;
  const packed = linear(g, tokens, { name, inputs: hiddenSize, outputs: 3 * hiddenSize, bias });
  const [q, k, v] = g.split(packed, { parts: 3, axis: 1 }).map((part) => g.reshape(part, shape));
  const turned = (x: Value) => g.reshape(rotate(g, g.reshape(x, [0, 0, heads, size]), rotation), [0, 0, hiddenSize]);
  const cut = (x: Value) => splitHeads(g, x, { heads, size });
  return attention(g, { q: cut(turned(q)), k: cut(turned(k)), v: cut(v) }, { scale: 1 / Math.sqrt(size), biases });
}
