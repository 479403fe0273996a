/** The config of a new model with the sizes that were left out: other programs fill them in otherwise. */
import type { WeightSource } from "./weight-source.ts";

export function spelledOut(
  { architecture, config }: WeightSource,
  json: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const sizes = {
    intermediate_size: config.intermediateSize,
    max_position_embeddings: config.positionRows,
    hidden_act: config.activation,
    layer_norm_eps: config.layerNormEpsilon,
    type_vocab_size: config.typeVocabularySize,
  };
  const own = Object.entries(sizes).map(([key, value]) => [architecture.keys?.[key] ?? key, value] as const);
  return { ...Object.fromEntries(own), ...json };
}
