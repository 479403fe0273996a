/**
 * The graph of a causal language model that continues from earlier calls: their keys and values go in, its own come out.
 * Names of inputs and outputs are those of Optimum's exports.
 */
import type { OnnxGraph } from "../../formats/index.ts";
import type { KeyValue } from "../architectures/index.ts";
import { GraphBuilder } from "../graph.ts";
import { prune } from "../graph-patterns.ts";
import { maskBias } from "../layers.ts";
import type { Checkpoint } from "../load.ts";
import { nextToken } from "./causal-language-model.ts";
import { logitsOutput } from "./head-graph.ts";

export const pastName = (layer: number, part: "key" | "value"): string => `past_key_values.${layer}.${part}`;
export const presentName = (layer: number, part: "key" | "value"): string => `present.${layer}.${part}`;

/** `input_ids` [B, S], `attention_mask` [B, P + S] and a past of P columns give `logits` [B, V] and a present of S columns. */
export function decoderGraph({ architecture, config, weights }: Checkpoint): OnnxGraph {
  const g = new GraphBuilder(weights);
  const ids = g.input("input_ids", "int32", ["rows", "columns"]);
  const attentionMask = g.input("attention_mask", "int32", ["rows", "seen"]);
  const { layers, keyValueHeads, headSize } = config;
  const shape = (columns: string) => ["rows", keyValueHeads, columns, headSize];
  const past = Array.from({ length: layers }, (_, layer): KeyValue => ({
    key: g.input(pastName(layer, "key"), "float32", shape("past")),
    value: g.input(pastName(layer, "value"), "float32", shape("past")),
  }));
  const typeIds = g.sub(ids, ids);
  const states = architecture.build(
    g,
    { ids, typeIds, attentionMask, maskBias: maskBias(g, attentionMask), past },
    config,
  );
  const has = (name: string) => weights.has(name);
  const logits = nextToken(g, { architecture, config, states, ids, attentionMask, has });
  g.output(logitsOutput, logits.value, logits.shape);
  for (const [layer, { key, value }] of (states.present ?? []).entries()) {
    g.output(presentName(layer, "key"), key, shape("columns"));
    g.output(presentName(layer, "value"), value, shape("columns"));
  }
  return prune(g.graph());
}
