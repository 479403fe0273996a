/**
 * The text tower of CLIP: a causal encoder with learned positions; the end of the text stands for it.
 * Radford et al. 2021, https://arxiv.org/abs/2103.00020; tensor names of transformers' `CLIPTextModel`.
 */
import { clipBlocks } from "../clip/clip-blocks.ts";
import { layerNorm } from "../layers.ts";
import { visibilityBias } from "../visibility.ts";
import type { Architecture } from "./index.ts";

const words = "text_model.embeddings.token_embedding.weight";

export const clipText: Architecture = {
  modelTypes: ["clip", "clip_text_model"],
  section: "text_config",
  anchor: words,
  wordEmbeddings: words,
  defaults: {
    ...{ vocab_size: 49_408, hidden_size: 512, intermediate_size: 2048, num_hidden_layers: 12, num_attention_heads: 8 },
    ...{ max_position_embeddings: 77, hidden_act: "quick_gelu", layer_norm_eps: 1e-5 },
  },
  refuse: () => undefined,
  maxPositions: (config) => config.positionRows,
  build(g, inputs, config) {
    const { hiddenSize: size, layerNormEpsilon: epsilon } = config;
    const looked = g.gather(g.weight(words, [config.vocabularySize, size]), inputs.ids);
    const table = g.weight("text_model.embeddings.position_embedding.weight", [config.positionRows, size]);
    const embedded = g.add(looked, g.head(table, g.dimension(inputs.ids, 1)));
    const biases = [visibilityBias(g, inputs, { after: 0 })];
    const states = clipBlocks(g, embedded, { tower: "text_model", config, biases });
    return { ...states, hidden: layerNorm(g, states.hidden, { name: "text_model.final_layer_norm", size, epsilon }) };
  },
};
