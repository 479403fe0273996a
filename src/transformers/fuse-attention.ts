/**
 * Finds attention as `attention.ts` writes it and puts com.microsoft MultiHeadAttention in its place, which takes
 * the padding mask as it is and keeps no more than one head's scores in memory.
 */
import type { OnnxGraph, OnnxNode } from "../formats/onnx-writer.ts";
import { fused, GraphPatterns } from "./graph-patterns.ts";

export function fuseAttention(graph: OnnxGraph): OnnxGraph {
  const patterns = new GraphPatterns(graph);
  // The last node of the pattern is replaced: all that it needs is made before it.
  return patterns.replace("Reshape", (reshape) => {
    const merge = patterns.onlyUse(reshape.inputs[0], "Transpose");
    const context = merge && patterns.onlyUse(merge.inputs[0], "MatMul");
    const softmax = context && patterns.onlyUse(context.inputs[0], "Softmax");
    return softmax && multiHead(patterns, { softmax, values: context.inputs[1], output: reshape.outputs[0] });
  });
}

function multiHead(
  patterns: GraphPatterns,
  { softmax, values, output }: { softmax: OnnxNode; values: string; output: string },
): OnnxNode[] | undefined {
  const { biases, scores } = withoutBiases(patterns, softmax.inputs[0]);
  const product = patterns.onlyUse(scores, "Mul");
  const scale = product && patterns.constant(product.inputs[1])?.[0];
  const dot = product && patterns.onlyUse(product.inputs[0], "MatMul");
  const keys = dot && patterns.onlyUse(dot.inputs[1], "Transpose");
  const parts = keys && [dot.inputs[0], keys.inputs[0], values].map((name) => projection(patterns, name));
  if (!parts || scale === undefined || !parts.every((part) => part !== undefined)) return undefined;
  const masks = biases.map((name) => paddingMask(patterns, name));
  const mask = masks.find((name) => name !== undefined) ?? "";
  const others = biases.filter((_name, i) => masks[i] === undefined || masks[i] !== mask);
  if (others.length > 1) return undefined;
  const inputs = [...parts.map((part) => part.input), "", mask, ...others];
  const attributes = { num_heads: { int: parts[0].heads }, scale: { float: scale } };
  return [fused("MultiHeadAttention", inputs, { output, attributes })];
}

/** Walks back over the biases that are added to the scores. */
function withoutBiases(patterns: GraphPatterns, name: string): { biases: string[]; scores: string } {
  const biases: string[] = [];
  let scores = name;
  for (let sum = patterns.onlyUse(scores, "Add"); sum; sum = patterns.onlyUse(scores, "Add")) {
    biases.push(sum.inputs[1]);
    scores = sum.inputs[0];
  }
  return { biases, scores };
}

/** transpose(reshape(input)): [B, S, H] cut into heads. Others may use the heads too; then both are made. */
function projection(patterns: GraphPatterns, name: string): { input: string; heads: number } | undefined {
  const transpose = patterns.made(name, "Transpose");
  const reshape = transpose && patterns.made(transpose.inputs[0], "Reshape");
  const heads = reshape && patterns.constant(reshape.inputs[1])?.[2];
  return reshape && heads !== undefined ? { input: reshape.inputs[0], heads } : undefined;
}

/** The mask of 0 and 1 from which `maskBias` made this bias. */
function paddingMask(patterns: GraphPatterns, name: string): string | undefined {
  const product = patterns.made(name, "Mul");
  const difference = product && patterns.made(product.inputs[0], "Sub");
  const cast = difference && patterns.made(difference.inputs[1], "Cast");
  return cast && patterns.made(cast.inputs[0], "Unsqueeze")?.inputs[0];
}
