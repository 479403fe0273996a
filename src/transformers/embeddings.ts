/**
 * The embeddings of the BERT family: words, positions and token types are looked up, added and normalised.
 * Tensor names are `embeddings.word_embeddings` and so on in all of them.
 */
import type { TransformerConfig } from "./config.ts";
import type { GraphBuilder, Value } from "./graph.ts";
import { layerNorm, linear } from "./layers.ts";

/** The name of the table of words, [vocabulary, embedding size]. */
export const wordTable = "embeddings.word_embeddings.weight";

/** [B, S] ids of words → [B, S, size]. */
export function embedWords(
  g: GraphBuilder,
  ids: Value,
  config: TransformerConfig,
  size: number = config.hiddenSize,
): Value {
  return g.gather(g.weight(wordTable, [config.vocabularySize, size]), ids);
}

/** [B, S] ids of types → [B, S, size]. */
export function embedTypes(
  g: GraphBuilder,
  typeIds: Value,
  config: TransformerConfig,
  size: number = config.hiddenSize,
): Value {
  return g.gather(g.weight("embeddings.token_type_embeddings.weight", [config.typeVocabularySize, size]), typeIds);
}

/** The position of a token is its column: [S, size]. */
export function embedColumns(
  g: GraphBuilder,
  ids: Value,
  config: TransformerConfig,
  size: number = config.hiddenSize,
): Value {
  return g.head(positionTable(g, config, size), g.dimension(ids, 1));
}

/**
 * The position of a token counts those before it that are not padding, and starts after the id of padding: with id 1,
 * it is 2, 3, 4 … and 1 on padding (`create_position_ids_from_input_ids` of fairseq and transformers). [B, S, H]
 */
export function embedCounted(g: GraphBuilder, ids: Value, config: TransformerConfig, paddingId: number): Value {
  const padding = g.constant("int32", [paddingId], []);
  const isToken = g.cast(g.not(g.equal(ids, padding)), "int32");
  const positions = g.add(g.mul(g.cumulativeSum(isToken, 1), isToken), padding);
  return g.gather(positionTable(g, config, config.hiddenSize), positions);
}

/** The longest text when positions are {@link embedCounted}: the rows up to the padding's are no positions. */
export function countedPositions(config: TransformerConfig, paddingId: number): number {
  return config.positionRows - paddingId - 1;
}

/** The sum of what was looked up, normalised. */
export function sumEmbeddings(
  g: GraphBuilder,
  parts: readonly Value[],
  config: TransformerConfig,
  size: number = config.hiddenSize,
): Value {
  const sum = parts.reduce((total, part) => g.add(total, part));
  return layerNorm(g, sum, { name: "embeddings.LayerNorm", size, epsilon: config.layerNormEpsilon });
}

/** Narrow embeddings [B, S, size] → [B, S, H] by the Linear `name`. */
export function widenEmbeddings(
  g: GraphBuilder,
  narrow: Value,
  {
    ids,
    config,
    name,
    size,
    bias,
  }: { ids: Value; config: TransformerConfig; name: string; size: number; bias: boolean },
): Value {
  const tokens = linear(g, g.reshape(narrow, [-1, size]), { name, inputs: size, outputs: config.hiddenSize, bias });
  return g.reshape(tokens, g.concat([g.shape(ids), g.constant("int64", [config.hiddenSize])]));
}

function positionTable(g: GraphBuilder, config: TransformerConfig, size: number): Value {
  return g.weight("embeddings.position_embeddings.weight", [config.positionRows, size]);
}
