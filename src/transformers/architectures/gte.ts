/**
 * GTE ("new"): BERT with rotary positions, their base stretched for long texts, and a gated feed-forward.
 * Zhang et al. 2024, https://arxiv.org/abs/2407.19669; tensor names of the published code (Alibaba-NLP/new-impl, `modeling.py`).
 */
import { shown } from "../../errors.ts";
import type { TransformerConfig } from "../config.ts";
import { positiveOf } from "../config-values.ts";
import { embedTypes, embedWords, sumEmbeddings, wordTable } from "../embeddings.ts";
import { activate, layerNorm, linear } from "../layers.ts";
import { packedAttention } from "../packed-attention.ts";
import { residualBlocks } from "../residual-blocks.ts";
import { columnPositions, rotaryFrequencies, rotation } from "../rotary.ts";
import type { Architecture } from "./index.ts";

/** What is built of the switches of this configuration. */
const built: Readonly<Record<string, unknown>> = {
  position_embedding_type: "rope",
  layer_norm_type: "layer_norm",
  logn_attention_scale: false,
  pack_qkv: true,
};

export const gte: Architecture = {
  modelTypes: ["new"],
  anchor: wordTable,
  wordEmbeddings: wordTable,
  refuse({ json }) {
    for (const [key, only] of Object.entries(built)) {
      const value = json[key] ?? only;
      if (value !== only) return `${key} ${shown(value)}; only ${shown(only)} is built`;
    }
    const scaling = (json["rope_scaling"] ?? {}) as { type?: unknown; mixed_b?: unknown };
    if (scaling.mixed_b !== undefined && scaling.mixed_b !== null)
      return "mixed_b in rope_scaling; only without is built";
    const type = scaling.type ?? "ntk";
    return type === "ntk" ? undefined : `rope_scaling of type ${shown(type)}; only "ntk" is built`;
  },
  maxPositions: (config) => config.positionRows,
  build(g, inputs, config) {
    const { hiddenSize: size, intermediateSize, layerNormEpsilon: epsilon } = config;
    const words = embedWords(g, inputs.ids, config);
    const parts = config.typeVocabularySize ? [words, embedTypes(g, inputs.typeIds, config)] : [words];
    const turns = rotation(g, columnPositions(g, inputs.ids), stretchedFrequencies(config));
    const placed = { config, rotation: turns, biases: [inputs.maskBias], bias: true };
    return residualBlocks(g, sumEmbeddings(g, parts, config), {
      ...config,
      attend(tokens, i, shape) {
        const name = `encoder.layer.${i}.attention`;
        const { context, probabilities } = packedAttention(g, tokens, { ...placed, name: `${name}.qkv_proj`, shape });
        const output = { name: `${name}.o_proj`, inputs: size, outputs: size };
        return { added: linear(g, g.reshape(context, [-1, size]), output), probabilities };
      },
      feedForward(tokens, i) {
        const name = `encoder.layer.${i}.mlp`;
        const wide = { name: `${name}.up_gate_proj`, inputs: size, outputs: 2 * intermediateSize, bias: false };
        const [up, gate] = g.split(linear(g, tokens, wide), { parts: 2, axis: 1 });
        const gated = g.mul(activate(g, gate, config.activation), up);
        return linear(g, gated, { name: `${name}.down_proj`, inputs: intermediateSize, outputs: size });
      },
      afterPart(tokens, i, part) {
        const name = `encoder.layer.${i}.${part === "attention" ? "attn_ln" : "mlp_ln"}`;
        return layerNorm(g, tokens, { name, size, epsilon });
      },
    });
  },
};

/** Fixed NTK scaling: a base as many times as large, and all frequencies a little slower (https://kexue.fm/archives/9706, formula 6). */
function stretchedFrequencies(config: TransformerConfig): number[] {
  const { headSize, json, source } = config;
  const base = positiveOf(config, "rope_theta", 10_000);
  const scaling = json["rope_scaling"] as Readonly<Record<string, unknown>> | null | undefined;
  const factor = scaling ? positiveOf({ json: scaling, source: `${source}, rope_scaling` }, "factor", 1) : 1;
  // A factor up to 1 leaves the reference's table as it is.
  if (factor <= 1) return rotaryFrequencies(base, headSize);
  return rotaryFrequencies(base * factor, headSize).map((value) => Math.fround(value / factor ** (2 / headSize)));
}
