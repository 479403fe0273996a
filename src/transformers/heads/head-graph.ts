/** The whole graph of a model with a head: the encoder's inputs, its layers, the head; one output, `logits`. */
import type { OnnxGraph } from "../../formats/index.ts";
import { GraphBuilder } from "../graph.ts";
import { prune } from "../graph-patterns.ts";
import { maskBias } from "../layers.ts";
import type { Checkpoint } from "../load.ts";
import type { Head } from "./head.ts";

/** What the graph gives. */
export const logitsOutput = "logits";

export function headGraph({ architecture, config, weights }: Checkpoint, head: Head): OnnxGraph {
  const g = new GraphBuilder(weights);
  const ids = g.input("input_ids", "int32", ["rows", "columns"]);
  const attentionMask = g.input("attention_mask", "int32", ["rows", "columns"]);
  const typeIds = g.input("token_type_ids", "int32", ["rows", "columns"]);
  const inputs = { ids, typeIds, attentionMask, maskBias: maskBias(g, attentionMask) };
  const states = architecture.build(g, inputs, config);
  const has = (name: string) => weights.has(name);
  const { value, shape } = head(g, { architecture, config, states, ids, attentionMask, has });
  g.output(logitsOutput, value, shape);
  return prune(g.graph());
}
