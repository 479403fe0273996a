/**
 * ModernBERT: rotary positions, the normalisation before each part, gated feed-forward; every third layer sees all tokens, the
 * others a window, each kind with its own rotary base. Warner et al. 2024, https://arxiv.org/abs/2412.13663; tensor names of
 * transformers' `ModernBertModel`.
 */
import type { TransformerConfig } from "../config.ts";
import { flagOf, namesOf, wholeNumberOf } from "../config-values.ts";
import { activate, layerNorm, linear } from "../layers.ts";
import { packedAttention } from "../packed-attention.ts";
import { residualBlocks } from "../residual-blocks.ts";
import { rotaryFrequenciesOf } from "../rotary-config.ts";
import { columnPositions, rotation } from "../rotary.ts";
import { visibilityBias } from "../visibility.ts";
import type { Architecture } from "./index.ts";

const kinds = ["full_attention", "sliding_attention"] as const;

export const modernBert: Architecture = {
  modelTypes: ["modernbert"],
  anchor: "embeddings.tok_embeddings.weight",
  wordEmbeddings: "embeddings.tok_embeddings.weight",
  keys: { layer_norm_eps: "norm_eps", hidden_act: "hidden_activation" },
  defaults: { norm_eps: 1e-5, max_position_embeddings: 8192 },
  refuse: () => undefined,
  maxPositions: (config) => config.positionRows,
  build(g, inputs, config) {
    const { hiddenSize: size, intermediateSize, headSize, layerNormEpsilon: epsilon } = config;
    const bias = flagOf(config, "norm_bias", false);
    const norm = (x: Parameters<typeof layerNorm>[1], name: string) => layerNorm(g, x, { name, size, epsilon, bias });
    const words = g.gather(g.weight("embeddings.tok_embeddings.weight", [config.vocabularySize, size]), inputs.ids);
    const half = Math.floor(wholeNumberOf(config, "local_attention", { fallback: 128 }) / 2);
    const turns = (base: number, baseKey: string, layerType: string) =>
      rotation(
        g,
        columnPositions(g, inputs.ids),
        rotaryFrequenciesOf(config, { size: headSize, base, baseKey, layerType }),
      );
    const placed = {
      full_attention: { rotation: turns(160_000, "global_rope_theta", "full_attention"), biases: [inputs.maskBias] },
      sliding_attention: {
        rotation: turns(10_000, "local_rope_theta", "sliding_attention"),
        biases: [visibilityBias(g, inputs, { before: half, after: half })],
      },
    };
    const layerTypes = layerTypesOf(config);
    const hasBias = { attention: flagOf(config, "attention_bias", false), mlp: flagOf(config, "mlp_bias", false) };
    return residualBlocks(g, norm(words, "embeddings.norm"), {
      ...config,
      attend(tokens, i, shape) {
        // The embeddings are normalised already.
        const normed = i === 0 ? tokens : norm(tokens, `layers.${i}.attn_norm`);
        const packed = { name: `layers.${i}.attn.Wqkv`, bias: hasBias.attention };
        const { context, probabilities } = packedAttention(g, normed, {
          config,
          shape,
          ...packed,
          ...placed[layerTypes[i]],
        });
        const output = { name: `layers.${i}.attn.Wo`, inputs: size, outputs: size, bias: hasBias.attention };
        return { added: linear(g, g.reshape(context, [-1, size]), output), probabilities };
      },
      feedForward(tokens, i) {
        const wide = { name: `layers.${i}.mlp.Wi`, inputs: size, outputs: 2 * intermediateSize, bias: hasBias.mlp };
        const [active, gate] = g.split(linear(g, norm(tokens, `layers.${i}.mlp_norm`), wide), { parts: 2, axis: 1 });
        const gated = g.mul(activate(g, active, config.activation), gate);
        return linear(g, gated, {
          name: `layers.${i}.mlp.Wo`,
          inputs: intermediateSize,
          outputs: size,
          bias: hasBias.mlp,
        });
      },
      finalNorm: (tokens) => norm(tokens, "final_norm"),
    });
  },
};

function layerTypesOf(config: TransformerConfig): readonly (typeof kinds)[number][] {
  const { layers: length } = config;
  const every = wholeNumberOf(config, "global_attn_every_n_layers", { fallback: 3 });
  const pattern = () => Array.from({ length }, (_, i) => (i % every ? kinds[1] : kinds[0]));
  return namesOf(config, "layer_types", { length, allowed: kinds }) ?? pattern();
}
