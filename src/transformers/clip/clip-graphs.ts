/**
 * The two towers of CLIP up to the space that they share: a text at its end, an image at its class token, both projected.
 * Radford et al. 2021, https://arxiv.org/abs/2103.00020; `CLIPModel.get_text_features` and `get_image_features` of transformers.
 */
import type { OnnxGraph } from "../../formats/index.ts";
import { parseConfig, type TransformerConfig } from "../config.ts";
import { type ConfigFile, wholeNumberOf } from "../config-values.ts";
import { GraphBuilder, type Value, type WeightLookup } from "../graph.ts";
import { prune } from "../graph-patterns.ts";
import { layerNorm, linear, maskBias } from "../layers.ts";
import type { Checkpoint } from "../load.ts";
import { clipBlocks } from "./clip-blocks.ts";

/** What both graphs give, [B, P]. */
export const embeddingsOutput = "embeddings";

/** What the vision tower is shaped by. */
export interface VisionConfig {
  readonly config: TransformerConfig;
  /** Pixels of a side. */
  readonly imageSize: number;
  readonly patchSize: number;
}

const colors = 3;

/** Reads `vision_config` of a combined config.json. */
export function visionConfigOf({ json, source }: ConfigFile): VisionConfig {
  const defaults = {
    ...{ hidden_size: 768, intermediate_size: 3072, num_hidden_layers: 12, num_attention_heads: 12 },
    ...{ hidden_act: "quick_gelu", layer_norm_eps: 1e-5, vocab_size: 1 },
  };
  const own = { ...defaults, ...(json["vision_config"] as Readonly<Record<string, unknown>> | undefined) };
  const name = `${source}, vision_config`;
  const file = { json: own, source: name };
  const imageSize = wholeNumberOf(file, "image_size", { fallback: 224, most: 1 << 15 });
  return {
    config: parseConfig(own, { name }),
    imageSize,
    patchSize: wholeNumberOf(file, "patch_size", { fallback: 32, most: imageSize }),
  };
}

/** Token ids → embeddings. `endId` is that of the end of a text; 2 in old files means the highest id, which the end has in them. */
export function clipTextGraph(
  { architecture, config, weights }: Checkpoint,
  { dimensions, endId }: { dimensions: number; endId: number },
): OnnxGraph {
  const g = new GraphBuilder(weights);
  const ids = g.input("input_ids", "int32", ["rows", "columns"]);
  const attentionMask = g.input("attention_mask", "int32", ["rows", "columns"]);
  const inputs = { ids, typeIds: ids, attentionMask, maskBias: maskBias(g, attentionMask) };
  const { hidden } = architecture.build(g, inputs, config);
  const isEnd = g.cast(g.equal(ids, g.constant("int32", [endId], [])), "int32");
  const end = g.argMax(endId === 2 ? ids : isEnd, 1);
  const columns = g.range(g.squeeze(g.dimension(ids, 1), [0]));
  const chosen = g.cast(g.equal(g.unsqueeze(end, [1]), columns), "float32");
  const pooled = g.squeeze(g.matmul(g.unsqueeze(chosen, [1]), hidden), [1]);
  const size = { inputs: config.hiddenSize, outputs: dimensions, bias: false };
  g.output(embeddingsOutput, linear(g, pooled, { name: "text_projection", ...size }), ["rows", dimensions]);
  return prune(g.graph());
}

/** Pixels, normalised, [B, 3, side, side] → embeddings. */
export function clipVisionGraph(weights: WeightLookup, vision: VisionConfig, dimensions: number): OnnxGraph {
  const { config, imageSize } = vision;
  const { hiddenSize: size, layerNormEpsilon: epsilon } = config;
  const g = new GraphBuilder(weights);
  const pixels = g.input("pixel_values", "float32", ["rows", colors, imageSize, imageSize]);
  const norm = (x: Value, name: string) => layerNorm(g, x, { name: `vision_model.${name}`, size, epsilon });
  const embedded = norm(patchEmbeddings(g, pixels, vision), "pre_layrnorm");
  const { hidden } = clipBlocks(g, embedded, { tower: "vision_model", config, biases: [] });
  const first = norm(g.gather(hidden, g.constant("int64", [0], []), 1), "post_layernorm");
  const projected = linear(g, first, { name: "visual_projection", inputs: size, outputs: dimensions, bias: false });
  g.output(embeddingsOutput, projected, ["rows", dimensions]);
  return prune(g.graph());
}

/** A class token and one token a patch, with their positions: [B, 1 + patches, H]. */
function patchEmbeddings(g: GraphBuilder, pixels: Value, { config, imageSize, patchSize }: VisionConfig): Value {
  const { hiddenSize: size } = config;
  const name = (part: string) => `vision_model.embeddings.${part}`;
  const filters = g.weight(name("patch_embedding.weight"), [size, colors, patchSize, patchSize]);
  const grid = g.reshape(g.convolution(pixels, filters, patchSize), [0, 0, -1]);
  const rows = g.concat([g.dimension(pixels, 0), g.constant("int64", [1, size])]);
  const first = g.expand(g.weight(name("class_embedding"), [size]), rows);
  const tokens = g.concat([first, g.transpose(grid, [0, 2, 1])], 1);
  const patches = Math.floor(imageSize / patchSize) ** 2;
  return g.add(tokens, g.weight(name("position_embedding.weight"), [patches + 1, size]));
}
