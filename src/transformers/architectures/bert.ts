/**
 * BERT: learned positions and token types, then blocks of attention and feed-forward with the normalisation after each.
 * Devlin et al. 2019, https://arxiv.org/abs/1810.04805; tensor names of transformers' `BertModel` (no pooler).
 */
import { shown } from "../../errors.ts";
import { layerNorm } from "../layers.ts";
import { postNormBlocks, selfAttention } from "../post-norm-blocks.ts";
import type { Architecture } from "./index.ts";

export const bert: Architecture = {
  modelTypes: ["bert"],
  anchor: "embeddings.word_embeddings.weight",
  wordEmbeddings: "embeddings.word_embeddings.weight",
  refuse: ({ json }) => {
    const positions = json["position_embedding_type"] ?? "absolute";
    if (positions !== "absolute") return `position_embedding_type ${shown(positions)}; only "absolute" is built`;
    return json["is_decoder"] === true ? "is_decoder true; only encoders are built" : undefined;
  },
  maxPositions: (config) => config.positionRows,
  build(g, { ids, typeIds, maskBias }, config) {
    const { hiddenSize, layerNormEpsilon: epsilon } = config;
    const words = g.gather(g.weight("embeddings.word_embeddings.weight", [config.vocabularySize, hiddenSize]), ids);
    const types = g.gather(
      g.weight("embeddings.token_type_embeddings.weight", [config.typeVocabularySize, hiddenSize]),
      typeIds,
    );
    const table = g.weight("embeddings.position_embeddings.weight", [config.positionRows, hiddenSize]);
    const embedded = g.add(g.add(words, types), g.head(table, g.dimension(ids, 1)));
    const normed = layerNorm(g, embedded, { name: "embeddings.LayerNorm", size: hiddenSize, epsilon });
    return postNormBlocks(g, normed, {
      config,
      attend: (tokens, layer, shape) =>
        selfAttention(g, tokens, {
          config,
          shape,
          biases: [maskBias],
          name: (part) => `encoder.layer.${layer}.attention.self.${part}`,
        }),
      names: (i) => ({
        attentionOutput: `encoder.layer.${i}.attention.output.dense`,
        attentionNorm: `encoder.layer.${i}.attention.output.LayerNorm`,
        intermediate: `encoder.layer.${i}.intermediate.dense`,
        output: `encoder.layer.${i}.output.dense`,
        outputNorm: `encoder.layer.${i}.output.LayerNorm`,
      }),
    });
  },
};
