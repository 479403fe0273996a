/**
 * BERT: learned positions and token types, then blocks of attention and feed-forward with the normalisation after each.
 * Devlin et al. 2019, https://arxiv.org/abs/1810.04805; tensor names of transformers' `BertModel` (no pooler).
 */
import { shown } from "../../errors.ts";
import type { TransformerConfig } from "../config.ts";
import { embedColumns, embedTypes, embedWords, sumEmbeddings, wordTable } from "../embeddings.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { type BlockNames, postNormBlocks, selfAttention } from "../post-norm-blocks.ts";
import type { Architecture, EncoderStates } from "./index.ts";

export const bert: Architecture = {
  modelTypes: ["bert"],
  anchor: wordTable,
  wordEmbeddings: wordTable,
  refuse: refuseBertOptions,
  maxPositions: (config) => config.positionRows,
  build(g, { ids, typeIds, maskBias }, config) {
    const parts = [embedWords(g, ids, config), embedTypes(g, typeIds, config), embedColumns(g, ids, config)];
    return bertBlocks(g, sumEmbeddings(g, parts, config), { config, maskBias });
  },
};

/** The options of BERT's code that its descendants have too and no published encoder uses. */
export function refuseBertOptions({ json }: TransformerConfig): string | undefined {
  const positions = json["position_embedding_type"] ?? "absolute";
  if (positions !== "absolute") return `position_embedding_type ${shown(positions)}; only "absolute" is built`;
  return json["is_decoder"] === true ? "is_decoder true; only encoders are built" : undefined;
}

/** BERT's blocks on embedded tokens [B, S, H]. */
export function bertBlocks(
  g: GraphBuilder,
  embedded: Value,
  { config, maskBias }: { config: TransformerConfig; maskBias: Value },
): EncoderStates {
  return postNormBlocks(g, embedded, {
    config,
    attend: selfAttention(g, {
      config,
      biases: [maskBias],
      name: (layer, part) => `encoder.layer.${layer}.attention.self.${part}`,
    }),
    names: bertBlockNames,
  });
}

export function bertBlockNames(layer: number): BlockNames {
  const block = `encoder.layer.${layer}`;
  return {
    attentionOutput: `${block}.attention.output.dense`,
    attentionNorm: `${block}.attention.output.LayerNorm`,
    intermediate: `${block}.intermediate.dense`,
    output: `${block}.output.dense`,
    outputNorm: `${block}.output.LayerNorm`,
  };
}
