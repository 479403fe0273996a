/**
 * `config.json` of a transformers folder: the numbers that shape an encoder, checked before anything is built from them.
 * Reference: `BertConfig` and `MPNetConfig` of https://github.com/huggingface/transformers, with their defaults.
 */
import { SemspaceError } from "../errors.ts";

/** Names as in transformers' ACT2FN. */
export type Activation =
  | ("gelu" | "gelu_new" | "gelu_pytorch_tanh" | "gelu_fast" | "quick_gelu")
  | ("relu" | "silu" | "swish" | "tanh");

const activations: readonly Activation[] = [
  ...(["gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "quick_gelu"] as const),
  ...(["relu", "silu", "swish", "tanh"] as const),
];

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

/** Checks a parsed `config.json`. Throws `invalid-file` or `unsupported`; `name` is for messages. */
export function parseConfig(json: Readonly<Record<string, unknown>>, name: string): TransformerConfig {
  const size = (key: string, fallback?: number, most = maxSize) => wholeNumberOf(json, { key, fallback, most, name });
  const hiddenSize = size("hidden_size");
  const heads = size("num_attention_heads");
  if (hiddenSize % heads !== 0) {
    throw new SemspaceError(
      "invalid-file",
      `${name}: hidden_size ${hiddenSize} cannot be shared among ${heads} num_attention_heads.`,
    );
  }
  return {
    modelType: String(json["model_type"]),
    vocabularySize: size("vocab_size"),
    hiddenSize,
    heads,
    layers: size("num_hidden_layers", undefined, maxLayers),
    intermediateSize: size("intermediate_size"),
    activation: activationOf(json, name),
    layerNormEpsilon: positiveOf(json, "layer_norm_eps", { fallback: 1e-12, name }),
    positionRows: size("max_position_embeddings", 512),
    typeVocabularySize: size("type_vocab_size", 2),
    padTokenId: json["pad_token_id"] === 0 ? 0 : size("pad_token_id", 1),
    json,
  };
}

function activationOf(json: Readonly<Record<string, unknown>>, name: string): Activation {
  const value = json["hidden_act"] ?? "gelu";
  const known = activations.find((activation) => activation === value);
  if (known) return known;
  throw new SemspaceError(
    "unsupported",
    `${name}: unknown activation ${JSON.stringify(value)} in hidden_act. Known: ${activations.join(", ")}.`,
  );
}

function wholeNumberOf(
  json: Readonly<Record<string, unknown>>,
  { key, fallback, most, name }: { key: string; fallback: number | undefined; most: number; name: string },
): number {
  const value = json[key] ?? fallback;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new SemspaceError(
    "invalid-file",
    `${name}: ${key} must be a whole number from 1 to ${most}, got ${JSON.stringify(value)}.`,
  );
}

function positiveOf(
  json: Readonly<Record<string, unknown>>,
  key: string,
  { fallback, name }: { fallback: number; name: string },
): number {
  const value = json[key] ?? fallback;
  if (typeof value === "number" && value > 0 && value < 1) return value;
  throw new SemspaceError(
    "invalid-file",
    `${name}: ${key} must be a number between 0 and 1, got ${JSON.stringify(value)}.`,
  );
}
