/**
 * `config.json` of a transformers folder: the numbers that shape an encoder, checked before anything is built from them.
 * Reference: `BertConfig` and `MPNetConfig` of https://github.com/huggingface/transformers, with their defaults.
 * What only one architecture asks is read in its own file, with the functions of config-values.ts.
 */
import { SemspaceError } from "../errors.ts";
import { type Activation, activationOf, type ConfigFile, fractionOf, wholeNumberOf } from "./config-values.ts";

export type { Activation } from "./config-values.ts";

/** With the file as it is, for what only one architecture asks. */
export interface TransformerConfig extends ConfigFile {
  readonly modelType: string;
  readonly vocabularySize: number;
  /** Length of the vectors that come out. */
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  /** Heads of keys and values, each shared by `heads / keyValueHeads` queries; mostly as many as `heads`. */
  readonly keyValueHeads: number;
  /** Length of a head's queries, keys and values; mostly `hiddenSize / heads`. */
  readonly headSize: number;
  readonly intermediateSize: number;
  readonly activation: Activation;
  readonly layerNormEpsilon: number;
  /** Rows of the position table; an architecture may use fewer of them. */
  readonly positionRows: number;
  readonly typeVocabularySize: number;
  readonly padTokenId: number;
}

const maxLayers = 1000;

/**
 * Checks a parsed `config.json`; `name` is for messages, `keys` says what the file calls a number that BERT's has under another key.
 * Throws `invalid-file` for a number that is missing or makes no sense, `unsupported` for an unknown activation.
 */
export function parseConfig(
  json: Readonly<Record<string, unknown>>,
  { name, keys = {} }: { name: string; keys?: Readonly<Record<string, string>> | undefined },
): TransformerConfig {
  const file = { json, source: name };
  const key = (berts: string) => keys[berts] ?? berts;
  const size = (berts: string, range: { fallback?: number; least?: number; most?: number } = {}) =>
    wholeNumberOf(file, key(berts), range);
  const hiddenSize = size("hidden_size");
  const heads = size("num_attention_heads");
  return {
    modelType: String(json["model_type"]),
    vocabularySize: size("vocab_size"),
    hiddenSize,
    heads,
    keyValueHeads: keyValueHeadsOf(file, heads, key),
    headSize: headSizeOf(file, { hiddenSize, heads }, key),
    layers: size("num_hidden_layers", { most: maxLayers }),
    intermediateSize: size("intermediate_size", { fallback: 4 * hiddenSize }),
    activation: activationOf(file, key("hidden_act")),
    layerNormEpsilon: fractionOf(file, key("layer_norm_eps"), 1e-12),
    positionRows: size("max_position_embeddings", { fallback: 512 }),
    typeVocabularySize: size("type_vocab_size", { fallback: 2, least: 0 }),
    // -1 in some files means that there is none.
    padTokenId: Math.max(0, size("pad_token_id", { fallback: 0, least: -1 })),
    ...file,
  };
}

function keyValueHeadsOf(file: ConfigFile, heads: number, key: (berts: string) => string): number {
  const name = key("num_key_value_heads");
  const keyValueHeads = wholeNumberOf(file, name, { fallback: heads, most: heads });
  if (heads % keyValueHeads === 0) return keyValueHeads;
  throw new SemspaceError(
    "invalid-file",
    `${file.source}: ${heads} ${key("num_attention_heads")} cannot share ${keyValueHeads} ${name}.`,
  );
}

/** As the file says, else what an equal share of the hidden size gives. */
function headSizeOf(
  file: ConfigFile,
  { hiddenSize, heads }: { hiddenSize: number; heads: number },
  key: (berts: string) => string,
): number {
  const name = key("head_dim");
  if (file.json[name] !== undefined && file.json[name] !== null) return wholeNumberOf(file, name);
  if (hiddenSize % heads === 0) return hiddenSize / heads;
  throw new SemspaceError(
    "invalid-file",
    `${file.source}: ${key("hidden_size")} ${hiddenSize} cannot be shared among ${heads} ${key("num_attention_heads")}.`,
  );
}

/** Throws `unsupported` unless heads share the hidden size, as most architectures have it. */
export function checkSharedHeads({ hiddenSize, heads, headSize, source }: TransformerConfig): void {
  if (heads * headSize === hiddenSize) return;
  throw new SemspaceError(
    "unsupported",
    `${source} asks for ${heads} heads of ${headSize}; only heads that share the hidden size ${hiddenSize} are built.`,
  );
}
