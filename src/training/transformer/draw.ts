/** Draws the graph of a model that trains, and brings its weights into memory. */
import type { OnnxGraph } from "../../formats/onnx-writer.ts";
import type { EncoderStates } from "../../transformers/architectures/index.ts";
import { GraphBuilder, type Value } from "../../transformers/graph.ts";
import type { HeadContext } from "../../transformers/heads/head.ts";
import { maskBias } from "../../transformers/layers.ts";
import { collectingLookup, type Weight, withWeightsAsInputs } from "../gradient/trainable.ts";
import type { WeightSource } from "./weight-source.ts";

export interface DrawnModel {
  readonly graph: OnnxGraph;
  readonly weights: Map<string, Weight>;
}

/** What `finish` draws from: the encoder's states and inputs. */
export interface DrawnEncoder extends HeadContext {
  readonly g: GraphBuilder;
  readonly states: EncoderStates;
  readonly attentionMask: Value;
}

/** The encoder and what `finish` adds to it, which declares the outputs. All weights that the graph asks for are read. */
export async function drawModel(source: WeightSource, finish: (encoder: DrawnEncoder) => void): Promise<DrawnModel> {
  const { architecture, config } = source;
  const shapes = new Map<string, readonly number[]>();
  const has = (name: string) => source.has(name);
  const g = new GraphBuilder(collectingLookup(has, shapes));
  const ids = g.input("input_ids", "int32", ["rows", "columns"]);
  const attentionMask = g.input("attention_mask", "int32", ["rows", "columns"]);
  const typeIds = g.input("token_type_ids", "int32", ["rows", "columns"]);
  const states = architecture.build(g, { ids, typeIds, attentionMask, maskBias: maskBias(g, attentionMask) }, config);
  finish({ g, architecture, config, states, ids, attentionMask, has });
  const graph = withWeightsAsInputs(g.graph());
  const used = graph.inputs.filter(({ name }) => shapes.has(name));
  const weights = new Map<string, Weight>();
  for (const { name } of used) {
    const shape = shapes.get(name)!;
    // oxlint-disable-next-line no-await-in-loop -- one tensor after the other from one file
    weights.set(name, { value: await source.read(name, shape), shape });
  }
  return { graph, weights };
}
