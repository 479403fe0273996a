/**
 * Rewrites a graph of plain operators for inference: the operators that ONNX Runtime has written by hand
 * (domain com.microsoft, docs/ContribOperators.md there) take the place of the patterns that `layers.ts` makes.
 * The graph gives the same vectors, to rounding, with and without this pass; a pattern that is not recognised stays as it is.
 */
import type { OnnxGraph } from "../formats/onnx-writer.ts";
import { fuseAttention } from "./fuse-attention.ts";
import { fused, GraphPatterns, prune } from "./graph-patterns.ts";

/** The fused graph; `graph` itself is not changed. */
export function fuse(graph: OnnxGraph): OnnxGraph {
  return [fuseAttention, fuseNormalization, fuseGelu].reduce((current, pass) => prune(pass(current)), graph);
}

/** norm(a · W + bias + b) → SkipLayerNormalization, which adds and normalises a row while it is in the cache. */
function fuseNormalization(graph: OnnxGraph): OnnxGraph {
  const patterns = new GraphPatterns(graph);
  return patterns.replace("LayerNormalization", (norm) => {
    const [input, scale, bias] = norm.inputs;
    const sum = patterns.onlyUse(input, "Add");
    const biased = sum && patterns.onlyUse(sum.inputs[0], "Add");
    if (!biased || !patterns.made(biased.inputs[0], "MatMul")) return undefined;
    const inputs = [biased.inputs[0], sum.inputs[1], scale, bias, biased.inputs[1]];
    return [
      fused("SkipLayerNormalization", inputs, {
        output: norm.outputs[0],
        attributes: { epsilon: norm.attributes["epsilon"] },
      }),
    ];
  });
}

/** gelu(x + bias) → BiasGelu, or FastGelu for the approximation by tanh. */
function fuseGelu(graph: OnnxGraph): OnnxGraph {
  const patterns = new GraphPatterns(graph);
  return patterns.replace("Gelu", (gelu) => {
    const sum = patterns.onlyUse(gelu.inputs[0], "Add");
    if (!sum || !patterns.made(sum.inputs[0], "MatMul")) return undefined;
    const { approximate } = gelu.attributes;
    const operator = approximate && "string" in approximate && approximate.string === "tanh" ? "FastGelu" : "BiasGelu";
    return [fused(operator, sum.inputs, { output: gelu.outputs[0] })];
  });
}
