/** Which weights of a model learn: all of them, those of its last layers, or small matrices beside them (adapters). */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import type { TransformerConfig } from "../../transformers/config.ts";

export interface TrainedPartOptions {
  /** Only the last so many layers learn, with what follows them. Default: all layers and the embeddings. */
  readonly lastLayers?: number | undefined;
  /** Whether the tables of embeddings stay as they are: the optimizer then has half of a small model's values less to do. Default false. */
  readonly freezeEmbeddings?: boolean | undefined;
}

/** The number of the layer that a tensor belongs to; undefined for embeddings and heads. */
export function layerOf(name: string): number | undefined {
  const found = /(?:^|\.)(?:layers?|h|block|blocks)\.(\d+)\./.exec(name);
  return found ? Number(found[1]) : undefined;
}

/** Whether a tensor learns. Throws `invalid-argument` for more layers than there are, and where layers share their weights. */
export function trainedPart(
  names: Iterable<string>,
  { layers, modelType }: TransformerConfig,
  { lastLayers, freezeEmbeddings = false }: TrainedPartOptions,
): (name: string) => boolean {
  const isEmbedding = (name: string) => /(?:^|\.)(?:embeddings\.|wte\.|wpe\.|embed_tokens\.|shared\.)/.test(name);
  if (lastLayers === undefined) return (name) => !(freezeEmbeddings && isEmbedding(name));
  if (wholeNumber("lastLayers", lastLayers) > layers)
    throw new SemspaceError("invalid-argument", `lastLayers must be 0 to ${layers}, got ${lastLayers}.`);
  const numbered = [...names].some((name) => layerOf(name) !== undefined);
  if (!numbered || modelType === "albert") {
    const message = `The layers of ${modelType} share their weights or have no numbers, so that no last ones can be told apart. Leave lastLayers out.`;
    throw new SemspaceError("invalid-argument", message);
  }
  const isBefore = (name: string) => {
    const layer = layerOf(name);
    // Biases of relative positions serve all layers; they rest as the embeddings do.
    return layer === undefined
      ? isEmbedding(name) || /relative|rel_embeddings/.test(name)
      : layer < layers - lastLayers;
  };
  return (name) => !isBefore(name);
}
