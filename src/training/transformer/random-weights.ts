/**
 * Weights of a model that has learnt nothing yet, as transformers 5.3 begins (`_init_weights`): matrices and tables from a normal distribution with
 * deviation `initializer_range`, biases 0, gains 1, the row of padding 0; GPT-2 divides its output projections' by the root of twice the number of layers.
 */
import { SemspaceError, shown } from "../../errors.ts";
import { readArchitecture } from "../../transformers/architectures/index.ts";
import { fractionOf } from "../../transformers/config-values.ts";
import type { TransformerConfig } from "../../transformers/config.ts";
import { headedName } from "./head-names.ts";
import { normalNumbers } from "./normal-numbers.ts";
import type { WeightSource } from "./weight-source.ts";

/** Model types that begin in this way; others (T5, DeBERTa, ModernBERT) have rules of their own. */
const known = ["bert", "roberta", "distilbert", "mpnet", "electra", "gpt2", "llama", "qwen3"];

/** Biases of heads that stand where transformers saves them, not where it ties them. */
const ownBias = /(?:^|\.)(?:predictions|lm_head|vocab_projector|generator_lm_head)\.bias$/;

/** @param json what config.json says. Throws `unsupported` for a model type whose beginning is not known. */
export function randomSource(json: Readonly<Record<string, unknown>>, seed: number): WeightSource {
  const { architecture, config } = readArchitecture(json, "the config");
  if (!known.includes(config.modelType)) {
    const message = `How ${shown(config.modelType)} begins is not known here. Known: ${known.join(", ")}; others can be trained from a checkpoint.`;
    throw new SemspaceError("unsupported", message);
  }
  return {
    ...{ architecture, config },
    has: (name) => ownBias.test(name),
    nameOf: (name) => headedName(config.modelType, name),
    read: (name, shape) => Promise.resolve(initialValues(config, { name, shape, seed })),
    rest: () => Promise.resolve({}),
  };
}

/** The values with which a tensor begins. */
export function initialValues(
  config: TransformerConfig,
  { name, shape, seed }: { name: string; shape: readonly number[]; seed: number },
): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = new Float32Array(count);
  if (shape.length === 1) return values.fill(name.endsWith("bias") ? 0 : 1);
  const normal = normalNumbers(seed ^ hashOf(name));
  const deviation = deviationOf(config, name);
  for (let i = 0; i < count; i += 1) values[i] = deviation * normal();
  if (/word_embeddings\.weight$|embed_tokens\.weight$/.test(name)) {
    values.fill(0, config.padTokenId * shape[1], (config.padTokenId + 1) * shape[1]);
  }
  return values;
}

function deviationOf(config: TransformerConfig, name: string): number {
  const range = fractionOf(config, "initializer_range", 0.02);
  return name.endsWith(".c_proj.weight") ? range / Math.sqrt(2 * config.layers) : range;
}

/** FNV-1a, so that a tensor's values follow from its name and not from the order. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
