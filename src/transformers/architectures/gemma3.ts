/**
 * Gemma 3, its text part, and EmbeddingGemma, which sees both ways: Llama's blocks with normalisations before and after each part,
 * queries and keys normalised, five layers that see a window to one that sees all, each kind with its own rotary base.
 * Gemma team 2025, https://arxiv.org/abs/2503.19786; tensor names of transformers' `Gemma3TextModel`. Of a model that also sees images
 * ("gemma3") the text part is taken.
 */
import { SemspaceError } from "../../errors.ts";
import type { TransformerConfig } from "../config.ts";
import { flagOf, namesOf, positiveOf, wholeNumberOf } from "../config-values.ts";
import { rotaryDecoder } from "../rotary-decoder.ts";
import { rotaryFrequenciesOf } from "../rotary-config.ts";
import { rotation } from "../rotary.ts";
import { maskedPositions, visibilityBias } from "../visibility.ts";
import type { Architecture } from "./index.ts";

const kinds = ["full_attention", "sliding_attention"] as const;

export const gemma3: Architecture = {
  modelTypes: ["gemma3_text", "gemma3"],
  section: "text_config",
  anchor: "embed_tokens.weight",
  wordEmbeddings: "embed_tokens.weight",
  keys: { layer_norm_eps: "rms_norm_eps", hidden_act: "hidden_activation" },
  defaults: {
    ...{ hidden_activation: "gelu_pytorch_tanh", rms_norm_eps: 1e-6, max_position_embeddings: 131_072 },
    ...{ head_dim: 256, num_attention_heads: 8, num_key_value_heads: 4, vocab_size: 262_208 },
  },
  causal: true,
  refuse: ({ json }) =>
    json["attn_logit_softcapping"] === undefined || json["attn_logit_softcapping"] === null
      ? undefined
      : "attn_logit_softcapping; attention is built without",
  maxPositions: (config) => config.positionRows,
  build(g, inputs, config) {
    if (inputs.past && isBothWays(config)) {
      throw new SemspaceError("unsupported", `${config.source}: a model that sees both ways cannot continue a text.`);
    }
    const { hiddenSize, headSize: size } = config;
    const words = g.gather(g.weight("embed_tokens.weight", [config.vocabularySize, hiddenSize]), inputs.ids);
    const embedded = g.mul(words, g.scalar(Math.fround(Math.sqrt(hiddenSize))));
    const layerTypes = layerTypesOf(config);
    const at = inputs.positions ?? maskedPositions(g, inputs);
    const window = windowOf(config);
    const after = (columns: number | undefined) => (isBothWays(config) ? columns : 0);
    const placed = {
      full_attention: {
        rotation: rotation(g, at, rotaryFrequenciesOf(config, { size, base: 1_000_000, layerType: "full_attention" })),
        bias: visibilityBias(g, inputs, { after: after(undefined) }),
      },
      sliding_attention: {
        rotation: rotation(
          g,
          at,
          rotaryFrequenciesOf(config, {
            ...{ size, base: 10_000, baseKey: "rope_local_base_freq", layerType: "sliding_attention", isScaled: false },
          }),
        ),
        bias: visibilityBias(g, inputs, { before: window - 1, after: after(window - 1) }),
      },
    };
    return rotaryDecoder(g, embedded, {
      ...{ config, inputs, gainOffset: 1, hasHeadNorms: true, hasOutputNorms: true },
      positions: (layer) => placed[layerTypes[layer]],
      scale: positiveOf(config, "query_pre_attn_scalar", 256) ** -0.5,
    });
  },
};

const isBothWays = (config: TransformerConfig) => flagOf(config, "use_bidirectional_attention", false);

function layerTypesOf(config: TransformerConfig): readonly (typeof kinds)[number][] {
  const { layers: length } = config;
  const every = wholeNumberOf(config, "sliding_window_pattern", { fallback: 6 });
  const pattern = () => Array.from({ length }, (_, i) => ((i + 1) % every ? kinds[1] : kinds[0]));
  return namesOf(config, "layer_types", { length, allowed: kinds }) ?? pattern();
}

/** How far a token of a local layer sees, itself included; the file's number is the whole window where both sides are seen. */
function windowOf(config: TransformerConfig): number {
  const window = wholeNumberOf(config, "sliding_window", { fallback: 4096 });
  return isBothWays(config) ? Math.floor(window / 2) + 1 : window;
}
