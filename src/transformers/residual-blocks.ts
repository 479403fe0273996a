/**
 * Blocks with the normalisation before each part: x ← x + attention(norm(x)), then x ← x + feedForward(norm(x)),
 * and one normalisation at the end. Xiong et al. 2020, https://arxiv.org/abs/2002.04745.
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

/** The parts of the blocks with their normalisations; `tokens` are the rows of one matrix [B · S, H]. */
export interface ResidualBlocks {
  readonly layers: number;
  readonly hiddenSize: number;
  /** `shape` is that of [B, S, H]. */
  readonly attend: (tokens: Value, layer: number, shape: Value) => AttentionPart;
  readonly feedForward: (tokens: Value, layer: number) => Value;
  readonly finalNorm: (tokens: Value) => Value;
}

/** From the embedded tokens [B, S, H] to the states of every layer; the last is that after the final normalisation, as transformers has it. */
export function residualBlocks(
  g: GraphBuilder,
  embedded: Value,
  { layers, hiddenSize, attend, feedForward, finalNorm }: ResidualBlocks,
): EncoderStates {
  const shape = g.shape(embedded);
  const states = [embedded];
  const attentions: Value[] = [];
  const present: KeyValue[] = [];
  let tokens = g.reshape(embedded, [-1, hiddenSize]);
  for (let layer = 0; layer < layers; layer++) {
    const part = attend(tokens, layer, shape);
    tokens = g.add(tokens, part.added);
    tokens = g.add(tokens, feedForward(tokens, layer));
    const isLast = layer === layers - 1;
    states.push(g.reshape(isLast ? finalNorm(tokens) : tokens, shape));
    attentions.push(part.probabilities);
    if (part.present) present.push(part.present);
  }
  return { hidden: states[layers], layers: states, attentions, present };
}
