/** The whole graph of an encoder: its inputs, the architecture's layers, and the outputs that are asked for. */
import { SemspaceError } from "../errors.ts";
import type { OnnxGraph } from "../formats/index.ts";
import type { Architecture } from "./architectures/index.ts";
import type { TransformerConfig } from "./config.ts";
import { GraphBuilder, type Value, type WeightLookup } from "./graph.ts";
import { prune } from "./graph-patterns.ts";
import { maskBias } from "./layers.ts";

/**
 * What a graph gives. ONNX Runtime executes the whole graph, also what nobody fetches, so outputs are declared when
 * a model is loaded; what no output needs is left out.
 */
export interface EncoderOutputs {
  /** `last_hidden_state`, and its poolings `mean` and `cls`. Default all three. */
  readonly states?: readonly ("hidden" | "mean" | "cls")[] | undefined;
  /** Hidden states of these layers, as `hidden_states.N`: 0 are the embeddings, N the states after block N. */
  readonly layers?: readonly number[] | undefined;
  /** Attention of these layers, counted from 0, as `attentions.N`: [rows, heads, columns, columns]. */
  readonly attentions?: readonly number[] | undefined;
}

export interface EncoderGraphOptions {
  readonly outputs?: EncoderOutputs | undefined;
}

/** Name of the output with the last hidden states. */
export const hiddenOutput = "last_hidden_state";

/** The encoder with inputs as exported models name them. Throws `invalid-argument` for a layer that the model does not have. */
export function encoderGraph(
  architecture: Architecture,
  config: TransformerConfig,
  weights: WeightLookup,
  { outputs = {} }: EncoderGraphOptions = {},
): OnnxGraph {
  const g = new GraphBuilder(weights);
  const ids = g.input("input_ids", "int32", ["rows", "columns"]);
  const attentionMask = g.input("attention_mask", "int32", ["rows", "columns"]);
  const typeIds = g.input("token_type_ids", "int32", ["rows", "columns"]);
  const inputs = { ids, typeIds, attentionMask, maskBias: maskBias(g, attentionMask) };
  const { hidden, layers, attentions } = architecture.build(g, inputs, config);
  const { states = ["hidden", "mean", "cls"] } = outputs;
  const matrix = ["rows", "columns", config.hiddenSize];
  if (states.includes("hidden")) g.output(hiddenOutput, hidden, matrix);
  if (states.includes("mean")) g.output("mean", meanOverTokens(g, hidden, attentionMask), ["rows", config.hiddenSize]);
  if (states.includes("cls"))
    g.output("cls", g.gather(hidden, g.constant("int64", [0], []), 1), ["rows", config.hiddenSize]);
  for (const i of outputs.layers ?? []) g.output(`hidden_states.${i}`, layerOf(layers, i, "hidden states"), matrix);
  for (const i of outputs.attentions ?? []) {
    const shape = ["rows", config.heads, "columns", "keys"];
    g.output(`attentions.${i}`, layerOf(attentions, i, "attentions"), shape);
  }
  return prune(g.graph());
}

/**
 * The mean of a row's tokens, [B, H]. The mask stands there twice: ONNX Runtime multiplies a single row by other code, which adds the last
 * tokens in an order that depends on the padding, and a vector would differ in its last bit with its batch.
 */
export function meanOverTokens(g: GraphBuilder, hidden: Value, attentionMask: Value): Value {
  const mask = g.cast(attentionMask, "float32");
  const row = g.unsqueeze(mask, [1]);
  const sum = g.gather(g.matmul(g.concat([row, row], 1), hidden), g.constant("int64", [0], []), 1);
  return g.div(sum, g.max(g.reduceSum(mask, [1]), g.scalar(1e-9)));
}

function layerOf(layers: readonly Value[], index: number, what: string): Value {
  if (layers[index]) return layers[index];
  throw new SemspaceError(
    "invalid-argument",
    `This model gives no ${what} of layer ${index}. It has layers 0 to ${layers.length - 1}.`,
  );
}
