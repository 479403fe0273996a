/**
 * A graph whose weights are inputs, so that they stay where the optimizer changes them: ONNX Runtime reads them there in every run, without a copy.
 */
import type { OnnxGraph } from "../../formats/onnx-writer.ts";
import type { WeightLookup } from "../../transformers/graph.ts";
import { prune } from "../../transformers/graph-patterns.ts";
import type { Session, SessionTensor } from "../../transformers/session.ts";

/** A tensor in memory. */
export interface Weight {
  readonly value: Float32Array;
  readonly shape: readonly number[];
}

/** What a training session is opened over. */
export interface Trainable {
  /** Its weights are inputs of their names. */
  readonly graph: OnnxGraph;
  /** All weights, also those that stay as they are. */
  readonly weights: ReadonlyMap<string, Weight>;
  /** The weights that learn. */
  readonly trained: ReadonlySet<string>;
}

/** A lookup for drawing graphs that train: every weight is float32, and `shapes` collects what is asked for. */
export function collectingLookup(has: (name: string) => boolean, shapes: Map<string, readonly number[]>): WeightLookup {
  const lookup: WeightLookup = (name, shape) => {
    shapes.set(name, shape);
    return { type: "float32", shape, file: "", offset: 0, length: 0 };
  };
  return Object.assign(lookup, { has });
}

/** The graph with its weights as inputs. */
export function withWeightsAsInputs(graph: OnnxGraph): OnnxGraph {
  const weights = [...graph.weights].map(([name, { shape }]) => ({ name, type: "float32" as const, shape }));
  return prune({ ...graph, inputs: [...graph.inputs, ...weights], weights: new Map() });
}

/** The feeds of the weights that a session reads. */
export function weightFeeds(
  { inputs }: Session,
  weights: ReadonlyMap<string, Weight>,
): Readonly<Record<string, SessionTensor>> {
  const feeds = inputs.flatMap(({ name }): [string, SessionTensor][] => {
    const weight = weights.get(name);
    return weight ? [[name, { type: "float32", data: weight.value, shape: weight.shape }]] : [];
  });
  return Object.fromEntries(feeds);
}
