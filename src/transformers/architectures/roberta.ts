/**
 * RoBERTa, and CamemBERT and XLM-RoBERTa, which are RoBERTa on other texts: BERT with positions that count real tokens.
 * Liu et al. 2019, https://arxiv.org/abs/1907.11692; tensor names of transformers' `RobertaModel` (no pooler).
 */
import { countedPositions, embedCounted, embedTypes, embedWords, sumEmbeddings, wordTable } from "../embeddings.ts";
import { bertBlocks, refuseBertOptions } from "./bert.ts";
import type { Architecture } from "./index.ts";

export const roberta: Architecture = {
  modelTypes: ["roberta", "camembert", "xlm-roberta"],
  anchor: wordTable,
  wordEmbeddings: wordTable,
  defaults: { pad_token_id: 1 },
  refuse: refuseBertOptions,
  maxPositions: (config) => countedPositions(config, config.padTokenId),
  build(g, { ids, typeIds, maskBias }, config) {
    const positions = embedCounted(g, ids, config, config.padTokenId);
    const parts = [embedWords(g, ids, config), embedTypes(g, typeIds, config), positions];
    return bertBlocks(g, sumEmbeddings(g, parts, config), { config, maskBias });
  },
};
