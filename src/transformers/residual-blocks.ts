/**
 * Blocks of attention and feed-forward around a stream of states: x ← x + attention(x), then x ← x + feedForward(x).
 * The normalisations stand before each part, within it (Xiong et al. 2020, https://arxiv.org/abs/2002.04745: "pre-norm"), and once
 * at the end; or after each addition (`afterPart`), as in the first transformers ("post-norm").
 */
import type { EncoderStates, KeyValue } from "./architectures/index.ts";
import type { GraphBuilder, Value } from "./graph.ts";

/** What a block's attention adds to the tokens, and what others may want of it. */
export interface AttentionPart {
  /** [B · S, H]. */
  readonly added: Value;
  /** [B, N, S, P + S]. */
  readonly probabilities: Value;
  readonly present?: KeyValue | undefined;
}

/** The parts of the blocks; `tokens` are the rows of one matrix [B · S, H], so that a Linear is one Gemm with its bias. */
export interface ResidualBlocks {
  readonly layers: number;
  readonly hiddenSize: number;
  /** `shape` is that of [B, S, H]. */
  readonly attend: (tokens: Value, layer: number, shape: Value) => AttentionPart;
  readonly feedForward: (tokens: Value, layer: number) => Value;
  readonly afterPart?: (tokens: Value, layer: number, part: "attention" | "feedForward") => Value;
  readonly finalNorm?: (tokens: Value) => Value;
}

const unchanged = (tokens: Value): Value => tokens;

/** From the embedded tokens [B, S, H] to the states of every layer; the last is that after the final normalisation, as transformers has it. */
export function residualBlocks(
  g: GraphBuilder,
  embedded: Value,
  { layers, hiddenSize, attend, feedForward, afterPart = unchanged, finalNorm = unchanged }: ResidualBlocks,
): EncoderStates {
  const shape = g.shape(embedded);
  const states = [embedded];
  const attentions: Value[] = [];
  const present: KeyValue[] = [];
  let tokens = g.reshape(embedded, [-1, hiddenSize]);
  for (let layer = 0; layer < layers; layer++) {
    const part = attend(tokens, layer, shape);
    tokens = afterPart(g.add(tokens, part.added), layer, "attention");
    tokens = afterPart(g.add(tokens, feedForward(tokens, layer)), layer, "feedForward");
    const isLast = layer === layers - 1;
    states.push(g.reshape(isLast ? finalNorm(tokens) : tokens, shape));
    attentions.push(part.probabilities);
    if (part.present) present.push(part.present);
  }
  return { hidden: states[layers], layers: states, attentions, present };
}
