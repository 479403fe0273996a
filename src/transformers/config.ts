/**
 * `config.json` of a transformers folder: the numbers that shape an encoder, checked before anything is built from them.
 * Reference: `BertConfig` and `MPNetConfig` of https://github.com/huggingface/transformers, with their defaults.
 */
import { SemspaceError, shown } from "../errors.ts";

const gelus = ["gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "quick_gelu"] as const;
const others = ["relu", "silu", "swish", "tanh"] as const;
/** Names as in transformers' ACT2FN. */
export type Activation = (typeof gelus)[number] | (typeof others)[number];
const activations: readonly Activation[] = [...gelus, ...others];

export interface TransformerConfig {
  readonly modelType: string;
  readonly vocabularySize: number;
  /** Length of the vectors that come out. */
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediateSize: number;
  readonly activation: Activation;
  readonly layerNormEpsilon: number;
  /** Rows of the position table; an architecture may use fewer of them. */
  readonly positionRows: number;
  readonly typeVocabularySize: number;
  readonly padTokenId: number;
  /** The file as it is, for what only one architecture asks. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Largest value that a size in config.json may have. */
const maxSize = 100_000_000;
const maxLayers = 1000;

/**
 * Checks a parsed `config.json`; `name` is for messages, `keys` says what the file calls a number that BERT's has under another key.
 * Throws `invalid-file` for a number that is missing or makes no sense, `unsupported` for an unknown activation.
 */
export function parseConfig(
  json: Readonly<Record<string, unknown>>,
  { name, keys = {} }: { name: string; keys?: Readonly<Record<string, string>> | undefined },
): TransformerConfig {
  const read = (key: string) => ({ key: keys[key] ?? key, value: json[keys[key] ?? key], name });
  const size = (key: string, range: { fallback?: number; least?: number; most?: number } = {}) =>
    wholeNumberOf(read(key), range);
  const hiddenSize = size("hidden_size");
  const heads = size("num_attention_heads");
  if (hiddenSize % heads !== 0) {
    throw new SemspaceError(
      "invalid-file",
      `${name}: ${read("hidden_size").key} ${hiddenSize} cannot be shared among ${heads} ${read("num_attention_heads").key}.`,
    );
  }
  return {
    modelType: String(json["model_type"]),
    vocabularySize: size("vocab_size"),
    hiddenSize,
    heads,
    layers: size("num_hidden_layers", { most: maxLayers }),
    intermediateSize: size("intermediate_size"),
    activation: activationOf(read("hidden_act")),
    layerNormEpsilon: fractionOf(read("layer_norm_eps"), 1e-12),
    positionRows: size("max_position_embeddings", { fallback: 512 }),
    typeVocabularySize: size("type_vocab_size", { fallback: 2 }),
    padTokenId: size("pad_token_id", { fallback: 0, least: 0 }),
    json,
  };
}

/** A value of the file, with what messages call it. */
interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly name: string;
}

function activationOf({ key, value, name }: Entry): Activation {
  const known = activations.find((activation) => activation === (value ?? "gelu"));
  if (known) return known;
  throw new SemspaceError(
    "unsupported",
    `${name}: unknown activation ${shown(value)} in ${key}. Known: ${activations.join(", ")}.`,
  );
}

function wholeNumberOf(
  { key, value: given, name }: Entry,
  { fallback, least = 1, most = maxSize }: { fallback?: number; least?: number; most?: number },
): number {
  const value = given ?? fallback;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SemspaceError(
    "invalid-file",
    `${name}: ${key} must be a whole number from ${least} to ${most}, got ${shown(value)}.`,
  );
}

function fractionOf({ key, value: given, name }: Entry, fallback: number): number {
  const value = given ?? fallback;
  if (typeof value === "number" && value > 0 && value < 1) return value;
  throw new SemspaceError("invalid-file", `${name}: ${key} must be a number between 0 and 1, got ${shown(value)}.`);
}
