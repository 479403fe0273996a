/** What a head is: the few layers after an encoder or decoder that turn its hidden states into what a task needs. */
import type { Architecture, EncoderStates } from "../architectures/index.ts";
import type { TransformerConfig } from "../config.ts";
import type { GraphBuilder, Value } from "../graph.ts";

/** What a head starts from. */
export interface HeadContext {
  readonly architecture: Architecture;
  readonly config: TransformerConfig;
  readonly states: EncoderStates;
  /** int32 [B, S]. */
  readonly ids: Value;
  /** int32 [B, P + S]. */
  readonly attentionMask: Value;
  /** Whether the checkpoint has a tensor, by its name without prefix. */
  readonly has: (tensor: string) => boolean;
}

/** One kind of head: adds its layers and gives what the model says, the last axis one number a label or a vocabulary entry. */
export type Head = (g: GraphBuilder, context: HeadContext) => HeadOutput;

export interface HeadOutput {
  readonly value: Value;
  readonly shape: readonly (number | string)[];
}

/** The first column's hidden states, [B, H]: the token that stands for the text. */
export function firstToken(g: GraphBuilder, { states }: HeadContext): Value {
  return g.gather(states.hidden, g.constant("int64", [0], []), 1);
}

/** All tokens as the rows of one matrix, [B · S, H]. */
export function allTokens(g: GraphBuilder, { states, config }: HeadContext): Value {
  return g.reshape(states.hidden, [-1, config.hiddenSize]);
}
