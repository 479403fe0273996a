/** The embeddings of DeBERTa: words, with positions and types where config.json asks for them, projected if they are narrow. */
import type { TransformerConfig } from "./config.ts";
import { flagOf, wholeNumberOf } from "./config-values.ts";
import { embedColumns, embedTypes, embedWords, widenEmbeddings } from "./embeddings.ts";
import type { EncoderInputs } from "./architectures/index.ts";
import type { GraphBuilder, Value } from "./graph.ts";
import { layerNorm } from "./layers.ts";

/** [B, S, H]. */
export function debertaEmbeddings(
  g: GraphBuilder,
  { ids, typeIds }: Pick<EncoderInputs, "ids" | "typeIds">,
  config: TransformerConfig,
): Value {
  const { hiddenSize, typeVocabularySize, layerNormEpsilon: epsilon } = config;
  const size = wholeNumberOf(config, "embedding_size", { fallback: hiddenSize });
  let sum = embedWords(g, ids, config, size);
  if (flagOf(config, "position_biased_input", true)) sum = g.add(sum, embedColumns(g, ids, config, size));
  if (typeVocabularySize > 0) sum = g.add(sum, embedTypes(g, typeIds, config, size));
  const projection = { ids, config, name: "embeddings.embed_proj", size, bias: false };
  const embedded = size === hiddenSize ? sum : widenEmbeddings(g, sum, projection);
  return layerNorm(g, embedded, { name: "embeddings.LayerNorm", size: hiddenSize, epsilon });
}
