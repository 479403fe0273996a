/**
 * Rewrites a graph of plain operators for inference: operators that ONNX Runtime has written by hand
 * (domain com.microsoft, docs/ContribOperators.md there) take the place of patterns that `layers.ts` and `attention.ts` make.
 * The graph gives the same vectors, to rounding, with and without this pass; a pattern that is not recognised stays as it is.
 *
 * Measured with onnxruntime-node 1.30 on the CPU and left alone: SkipLayerNormalization (a whole MiniLM 8 % slower than
 * with Add and LayerNormalization), BiasGelu and one packed product for q, k and v (no difference).
 */
import type { OnnxGraph } from "../formats/onnx-writer.ts";
import { fuseAttention } from "./fuse-attention.ts";
import { prune } from "./graph-patterns.ts";

/** The fused graph; `graph` itself is not changed. */
export function fuse(graph: OnnxGraph): OnnxGraph {
  return prune(fuseAttention(graph));
}
