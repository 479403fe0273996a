/**
 * ELECTRA: BERT whose embeddings may be narrower than its layers and are then projected. The published discriminators
 * and generators are both this.
 * Clark et al. 2020, https://arxiv.org/abs/2003.10555; tensor names of transformers' `ElectraModel`.
 */
import { wholeNumberOf } from "../config-values.ts";
import { embedColumns, embedTypes, embedWords, sumEmbeddings, widenEmbeddings, wordTable } from "../embeddings.ts";
import { bertBlocks, refuseBertOptions } from "./bert.ts";
import type { Architecture } from "./index.ts";

export const electra: Architecture = {
  modelTypes: ["electra"],
  anchor: wordTable,
  wordEmbeddings: wordTable,
  defaults: { embedding_size: 128 },
  refuse: refuseBertOptions,
  maxPositions: (config) => config.positionRows,
  build(g, { ids, typeIds, maskBias }, config) {
    const size = wholeNumberOf(config, "embedding_size");
    const lookups = [
      embedWords(g, ids, config, size),
      embedTypes(g, typeIds, config, size),
      embedColumns(g, ids, config, size),
    ];
    const narrow = sumEmbeddings(g, lookups, config, size);
    const projection = { ids, config, name: "embeddings_project", size, bias: true };
    const embedded = size === config.hiddenSize ? narrow : widenEmbeddings(g, narrow, projection);
    return bertBlocks(g, embedded, { config, maskBias });
  },
};
