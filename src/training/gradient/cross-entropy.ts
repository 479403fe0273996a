/**
 * Cross entropy of logits in the graph: −Σ weight · log softmax(logits)[label]. Its derivative, weight · (softmax − 1 at the label), is written out, so that
 * the softmax of a large vocabulary is computed once. Reference: torch.nn.CrossEntropyLoss, whose mean is weights of 1 / count.
 */
import type { SessionTensor } from "../../transformers/session.ts";
import type { LossInGraph } from "./loss-session.ts";
import { NodeWriter } from "./node-writer.ts";

const labelsInput = "labels";
const weightsInput = "label_weights";
export const lossOutput = "loss";

/** The loss of an output of a graph, [rows, classes]. */
export function crossEntropy(logits: string): LossInGraph {
  const writer = new NodeWriter("loss/");
  const last = { axis: { int: -1 } };
  const log = writer.node("LogSoftmax", [logits], last);
  const column = writer.node("Unsqueeze", [labelsInput, writer.constant("int64", [1])]);
  const chosen = writer.node("GatherElements", [log, column], { axis: { int: 1 } });
  const loss = writer.node("Neg", [
    writer.node("ReduceSum", [writer.mul(chosen, weightsInput)], { keepdims: { int: 0 } }),
  ]);
  writer.nodes.push({ operator: "Identity", domain: "", inputs: [loss], outputs: [lossOutput], attributes: {} });
  // One place a row: nothing is written twice.
  const atLabel = writer.sub(writer.node("Exp", [chosen]), writer.scalar(1));
  const replaced = writer.node("ScatterElements", [writer.node("Exp", [log]), column, atLabel], { axis: { int: 1 } });
  return {
    writer,
    inputs: [
      { name: labelsInput, type: "int64", shape: ["labelled"] },
      { name: weightsInput, type: "float32", shape: ["labelled", 1] },
    ],
    outputs: [{ name: lossOutput, type: "float32", shape: [] }],
    upstream: new Map([[logits, writer.mul(replaced, weightsInput)]]),
  };
}

/** Feeds for the mean over the labels that are not negative; `total`, if given, is their number in a larger batch that this one is a part of. */
export function labelFeeds(labels: Int32Array, total?: number): Record<string, SessionTensor> {
  const count = total ?? labels.reduce((sum, label) => sum + (label >= 0 ? 1 : 0), 0);
  const weights = Float32Array.from(labels, (label) => (label >= 0 ? 1 / count : 0));
  const wide = BigInt64Array.from(labels, (label) => BigInt(Math.max(0, label)));
  return {
    [labelsInput]: { type: "int64", data: wide, shape: [labels.length] },
    [weightsInput]: { type: "float32", data: weights, shape: [labels.length, 1] },
  };
}
