/**
 * NomicBERT: BERT with rotary positions instead of learned ones and a gated feed-forward, mostly without biases.
 * Nussbaum et al. 2024, https://arxiv.org/abs/2402.01613; tensor names and config keys of the published code
 * (nomic-ai/nomic-bert-2048, `modeling_hf_nomic_bert.py`), which are those of FlashAttention's BERT.
 */
import { shown } from "../../errors.ts";
import type { TransformerConfig } from "../config.ts";
import { type Activation, flagOf, positiveOf, wholeNumberOf } from "../config-values.ts";
import { embedTypes, embedWords, wordTable } from "../embeddings.ts";
import { activate, layerNorm, linear } from "../layers.ts";
import { packedAttention } from "../packed-attention.ts";
import { residualBlocks } from "../residual-blocks.ts";
import { columnPositions, rotaryFrequencies, rotation } from "../rotary.ts";
import type { Architecture } from "./index.ts";

const gates: Readonly<Record<string, Activation>> = { swiglu: "silu", geglu: "gelu" };

/** What is built of the many switches of this configuration; a key that is left out has the first value. */
const built: Readonly<Record<string, readonly unknown[]>> = {
  prenorm: [false],
  use_rms_norm: [false, null],
  causal: [false],
  parallel_block: [false],
  rotary_emb_fraction: [1],
  rotary_emb_interleaved: [false],
  rotary_emb_scale_base: [null],
  num_experts: [0, null],
};

export const nomicBert: Architecture = {
  modelTypes: ["nomic_bert"],
  anchor: wordTable,
  wordEmbeddings: wordTable,
  keys: {
    hidden_size: "n_embd",
    num_attention_heads: "n_head",
    num_hidden_layers: "n_layer",
    intermediate_size: "n_inner",
    layer_norm_eps: "layer_norm_epsilon",
    max_position_embeddings: "n_positions",
  },
  defaults: { layer_norm_epsilon: 1e-12, n_positions: 2048 },
  refuse({ json }) {
    for (const [key, allowed] of Object.entries(built)) {
      const value = json[key] ?? allowed[0];
      if (!allowed.includes(value)) return `${key} ${shown(value)}; only ${shown(allowed[0])} is built`;
    }
    const gate = String(json["activation_function"]);
    return Object.hasOwn(gates, gate) ? undefined : `activation_function ${shown(gate)}; swiglu and geglu are built`;
  },
  // With a scaling, the frequencies of longer texts would depend on their length.
  maxPositions: (config) =>
    config.json["rotary_scaling_factor"]
      ? Math.min(config.positionRows, trainedPositions(config))
      : config.positionRows,
  build(g, inputs, config) {
    const { hiddenSize: size, headSize, layerNormEpsilon: epsilon } = config;
    const wideSize = Math.ceil(config.intermediateSize / 256) * 256;
    const norm = (x: Parameters<typeof layerNorm>[1], name: string) => layerNorm(g, x, { name, size, epsilon });
    const words = embedWords(g, inputs.ids, config);
    const embedded = config.typeVocabularySize ? g.add(words, embedTypes(g, inputs.typeIds, config)) : words;
    const base = positiveOf(config, "rotary_emb_base", 10_000);
    const turns = rotation(g, columnPositions(g, inputs.ids), rotaryFrequencies(base, headSize));
    const hasBias = {
      attention: flagOf(config, "qkv_proj_bias", true),
      wide: flagOf(config, "mlp_fc1_bias", true),
      narrow: flagOf(config, "mlp_fc2_bias", true),
    };
    const placed = { config, rotation: turns, biases: [inputs.maskBias], bias: hasBias.attention };
    return residualBlocks(g, norm(embedded, "emb_ln"), {
      ...config,
      attend(tokens, i, shape) {
        const name = `encoder.layers.${i}.attn`;
        const { context, probabilities } = packedAttention(g, tokens, { ...placed, name: `${name}.Wqkv`, shape });
        const output = { name: `${name}.out_proj`, inputs: size, outputs: size, bias: hasBias.attention };
        return { added: linear(g, g.reshape(context, [-1, size]), output), probabilities };
      },
      feedForward(tokens, i) {
        const name = `encoder.layers.${i}.mlp`;
        const wide = { inputs: size, outputs: wideSize, bias: hasBias.wide };
        const gate = activate(
          g,
          linear(g, tokens, { name: `${name}.fc12`, ...wide }),
          gates[String(config.json["activation_function"])],
        );
        const gated = g.mul(linear(g, tokens, { name: `${name}.fc11`, ...wide }), gate);
        return linear(g, gated, { name: `${name}.fc2`, inputs: wideSize, outputs: size, bias: hasBias.narrow });
      },
      afterPart: (tokens, i, part) => norm(tokens, `encoder.layers.${i}.${part === "attention" ? "norm1" : "norm2"}`),
    });
  },
};

function trainedPositions(config: TransformerConfig): number {
  return wholeNumberOf(config, "max_trained_positions", { fallback: 2048 });
}
