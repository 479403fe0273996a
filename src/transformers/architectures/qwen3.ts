/**
 * Qwen 3, also as an embedding model: Llama's blocks with queries and keys normalised head by head; upper layers may see a window only.
 * Qwen team 2025, https://arxiv.org/abs/2505.09388; tensor names of transformers' `Qwen3Model`.
 */
import type { TransformerConfig } from "../config.ts";
import { flagOf, namesOf, wholeNumberOf } from "../config-values.ts";
import { rotaryDecoder } from "../rotary-decoder.ts";
import { rotaryFrequenciesOf } from "../rotary-config.ts";
import { rotation } from "../rotary.ts";
import { maskedPositions, visibilityBias } from "../visibility.ts";
import type { Architecture } from "./index.ts";

export const qwen3: Architecture = {
  modelTypes: ["qwen3"],
  anchor: "embed_tokens.weight",
  wordEmbeddings: "embed_tokens.weight",
  keys: { layer_norm_eps: "rms_norm_eps" },
  defaults: { hidden_act: "silu", rms_norm_eps: 1e-6, max_position_embeddings: 32_768, head_dim: 128 },
  causal: true,
  refuse: () => undefined,
  maxPositions: (config) => config.positionRows,
  build(g, inputs, config) {
    const words = g.gather(g.weight("embed_tokens.weight", [config.vocabularySize, config.hiddenSize]), inputs.ids);
    const frequencies = rotaryFrequenciesOf(config, { size: config.headSize, base: 10_000 });
    const turns = rotation(g, inputs.positions ?? maskedPositions(g, inputs), frequencies);
    const windows = windowsOf(config);
    const biases = new Map(
      [...new Set(windows)].map((window) => [
        window,
        visibilityBias(g, inputs, { before: window && window - 1, after: 0 }),
      ]),
    );
    const positions = (layer: number) => ({ rotation: turns, bias: biases.get(windows[layer])! });
    return rotaryDecoder(g, words, { config, inputs, positions, hasHeadNorms: true });
  },
};

/** For each layer how many tokens one sees, itself included; undefined is all. */
function windowsOf(config: TransformerConfig): readonly (number | undefined)[] {
  const { layers: length } = config;
  const window = flagOf(config, "use_sliding_window", false)
    ? wholeNumberOf(config, "sliding_window", { fallback: 4096 })
    : undefined;
  const kinds = namesOf(config, "layer_types", { length, allowed: ["full_attention", "sliding_attention"] });
  const first = window === undefined ? length : wholeNumberOf(config, "max_window_layers", { fallback: 28, least: 0 });
  return Array.from({ length }, (_, i) => {
    const isLocal = kinds ? kinds[i] === "sliding_attention" : i >= first;
    return isLocal ? window : undefined;
  });
}
