/**
 * Llama: a causal decoder with rotary positions, grouped queries and a gated feed-forward.
 * Touvron et al. 2023, https://arxiv.org/abs/2302.13971; tensor names of transformers' `LlamaModel`.
 */
import { rotaryDecoder } from "../rotary-decoder.ts";
import { rotaryFrequenciesOf } from "../rotary-config.ts";
import { rotation } from "../rotary.ts";
import { maskedPositions, visibilityBias } from "../visibility.ts";
import type { Architecture } from "./index.ts";

export const llama: Architecture = {
  modelTypes: ["llama"],
  anchor: "embed_tokens.weight",
  wordEmbeddings: "embed_tokens.weight",
  keys: { layer_norm_eps: "rms_norm_eps" },
  defaults: { hidden_act: "silu", rms_norm_eps: 1e-6, max_position_embeddings: 2048 },
  causal: true,
  refuse: () => undefined,
  maxPositions: (config) => config.positionRows,
  build(g, inputs, config) {
    const words = g.gather(g.weight("embed_tokens.weight", [config.vocabularySize, config.hiddenSize]), inputs.ids);
    const frequencies = rotaryFrequenciesOf(config, { size: config.headSize, base: 10_000 });
    const placed = {
      rotation: rotation(g, inputs.positions ?? maskedPositions(g, inputs), frequencies),
      bias: visibilityBias(g, inputs, { after: 0 }),
    };
    return rotaryDecoder(g, words, { config, inputs, positions: () => placed });
  },
};
