/** The whole graph of an encoder: its inputs, the architecture's layers, and the poolings that it can do itself. */
import type { OnnxGraph } from "../formats/index.ts";
import type { Architecture } from "./architectures/index.ts";
import type { TransformerConfig } from "./config.ts";
import { GraphBuilder, type WeightLookup } from "./graph.ts";
import { maskBias } from "./layers.ts";

/** The encoder with its poolings: inputs as exported models name them, outputs `last_hidden_state`, `mean`, `cls`. */
export function encoderGraph(architecture: Architecture, config: TransformerConfig, weights: WeightLookup): OnnxGraph {
  const g = new GraphBuilder(weights);
  const ids = g.input("input_ids", "int32", ["rows", "columns"]);
  const mask = g.input("attention_mask", "int32", ["rows", "columns"]);
  const typeIds = g.input("token_type_ids", "int32", ["rows", "columns"]);
  const hidden = architecture.build(g, { ids, typeIds, maskBias: maskBias(g, mask) }, config);
  g.output("last_hidden_state", hidden, ["rows", "columns", config.hiddenSize]);
  const floatMask = g.cast(mask, "float32");
  const sum = g.squeeze(g.matmul(g.unsqueeze(floatMask, [1]), hidden), [1]);
  g.output("mean", g.div(sum, g.max(g.reduceSum(floatMask, [1]), g.scalar(1e-9))), ["rows", config.hiddenSize]);
  g.output("cls", g.gather(hidden, g.constant("int64", [0], []), 1), ["rows", config.hiddenSize]);
  return g.graph();
}
