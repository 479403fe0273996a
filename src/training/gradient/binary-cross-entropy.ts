/**
 * Cross entropy of single logits in the graph against numbers from 0 to 1: the mean of max(x, 0) − x y + log(1 + e^−|x|), whose derivative is (σ(x) − y) / count.
 * Reference: torch.nn.BCEWithLogitsLoss.
 */
import type { SessionTensor } from "../../transformers/session.ts";
import { lossOutput } from "./cross-entropy.ts";
import type { LossInGraph } from "./loss-session.ts";
import { NodeWriter } from "./node-writer.ts";

const targetsInput = "targets";
const shareInput = "share";

/** The loss of an output of a graph, [rows, 1]. */
export function binaryCrossEntropy(logits: string): LossInGraph {
  const writer = new NodeWriter("loss/");
  const above = writer.sub(writer.node("Relu", [logits]), writer.mul(logits, targetsInput));
  const decay = writer.node("Exp", [writer.node("Neg", [writer.node("Abs", [logits])])]);
  const each = writer.add(above, writer.node("Log", [writer.add(decay, writer.scalar(1))]));
  const sum = writer.node("ReduceSum", [writer.mul(each, shareInput)], { keepdims: { int: 0 } });
  writer.nodes.push({ operator: "Identity", domain: "", inputs: [sum], outputs: [lossOutput], attributes: {} });
  const difference = writer.sub(writer.node("Sigmoid", [logits]), targetsInput);
  return {
    writer,
    inputs: [
      { name: targetsInput, type: "float32", shape: ["targets", 1] },
      { name: shareInput, type: "float32", shape: [] },
    ],
    outputs: [{ name: lossOutput, type: "float32", shape: [] }],
    upstream: new Map([[logits, writer.mul(difference, shareInput)]]),
  };
}

export function targetFeeds(targets: Float32Array): Record<string, SessionTensor> {
  return {
    [targetsInput]: { type: "float32", data: targets, shape: [targets.length, 1] },
    [shareInput]: { type: "float32", data: Float32Array.of(1 / targets.length), shape: [] },
  };
}
