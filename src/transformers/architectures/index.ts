/** The architectures that can be built. Adding one is a file here and its name in the list: docs/transformers.md. */
import { SemspaceError, shown } from "../../errors.ts";
import { parseConfig, type TransformerConfig } from "../config.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { albert } from "./albert.ts";
import { bert } from "./bert.ts";
import { deberta } from "./deberta.ts";
import { debertaV2 } from "./deberta-v2.ts";
import { distilbert } from "./distilbert.ts";
import { electra } from "./electra.ts";
import { clipText } from "./clip-text.ts";
import { gemma3 } from "./gemma3.ts";
import { gpt2 } from "./gpt2.ts";
import { gte } from "./gte.ts";
import { jinaBert } from "./jina-bert.ts";
import { llama } from "./llama.ts";
import { modernBert } from "./modern-bert.ts";
import { mpnet } from "./mpnet.ts";
import { nomicBert } from "./nomic-bert.ts";
import { qwen3 } from "./qwen3.ts";
import { roberta } from "./roberta.ts";
import { t5 } from "./t5.ts";

/** In the order in which they are asked. */
const architectures: readonly Architecture[] = [
  jinaBert,
  bert,
  roberta,
  distilbert,
  mpnet,
  albert,
  electra,
  deberta,
  debertaV2,
  gpt2,
  llama,
  qwen3,
  gemma3,
  modernBert,
  t5,
  nomicBert,
  gte,
  clipText,
];

/** What an architecture's graph starts from. B rows, S columns; P are columns of earlier calls, 0 for encoders. */
export interface EncoderInputs {
  /** Token ids, int32 [B, S]. */
  readonly ids: Value;
  /** 0 for a first text, 1 for a second, int32 [B, S]. */
  readonly typeIds: Value;
  /** 1 for a token, 0 for padding, int32 [B, P + S]. */
  readonly attentionMask: Value;
  /** Added to attention scores so that padding is not seen, float32 [B, 1, 1, P + S]. A causal architecture adds its own bias to it. */
  readonly maskBias: Value;
  /** Where each token stands, int32 [B, S], counted over the mask; for causal architectures. */
  readonly positions?: Value;
  /** Keys and values of earlier calls, one pair a layer, float32 [B, N, P, D] with N the heads of keys; for causal architectures. */
  readonly past?: readonly KeyValue[];
}

export interface KeyValue {
  readonly key: Value;
  readonly value: Value;
}

/** What an architecture's graph gives; only what is declared as an output is computed. */
export interface EncoderStates {
  /** Last hidden states after the final normalisation, transformers' `last_hidden_state`, float32 [B, S, H]. */
  readonly hidden: Value;
  /** Transformers' `hidden_states`: the embeddings, then the states after each block, float32 [B, S, H]. */
  readonly layers: readonly Value[];
  /** Of each layer, after softmax, float32 [B, N, S, P + S]. */
  readonly attentions: readonly Value[];
  /** This call's keys and values, float32 [B, N, S, D], one pair a layer; of causal architectures. */
  readonly present?: readonly KeyValue[];
}

/** One encoder: its names in config.json, what it refuses, and its graph. */
export interface Architecture {
  /** What `model_type` of config.json calls it. */
  readonly modelTypes: readonly string[];
  /** Tells architectures with the same `model_type` apart; left out, every config is taken. */
  readonly accepts?: (json: Readonly<Record<string, unknown>>) => boolean;
  /** Where a config.json of several models together has the part that is meant: `"text_config"`. */
  readonly section?: string;
  /** A tensor that every checkpoint has, by its name without prefix. */
  readonly anchor: string;
  /** The table of token embeddings, [vocabulary, embedding size]; output layers that are tied use it. */
  readonly wordEmbeddings: string;
  /** Keys of config.json where they differ from BERT's: `{ hidden_size: "dim" }`. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Values of keys that a config.json leaves out, under the file's own names, as the reference's configuration has them. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Whether a token sees only itself and those before it. */
  readonly causal?: boolean;
  /** What in the config cannot be built, as the middle of a sentence; undefined when all can. */
  refuse(config: TransformerConfig): string | undefined;
  /** Longest text, in tokens, special tokens included. */
  maxPositions(config: TransformerConfig): number;
  /** Adds the graph. */
  build(g: GraphBuilder, inputs: EncoderInputs, config: TransformerConfig): EncoderStates;
}

/**
 * The architecture and the checked numbers that a parsed `config.json` asks for; `name` is for messages.
 * Throws `unsupported`, with the list of those known, for a `model_type` that is not built here, `invalid-file` for wrong numbers.
 */
export function readArchitecture(
  json: Readonly<Record<string, unknown>>,
  name: string,
  known: readonly Architecture[] = architectures,
): { architecture: Architecture; config: TransformerConfig } {
  // First of all, for other architectures have other keys.
  const architecture = known.find(
    ({ modelTypes, accepts }) =>
      modelTypes.some((type) => type === json?.["model_type"]) && (accepts === undefined || accepts(json)),
  );
  if (!architecture) {
    const names = [...new Set(known.flatMap(({ modelTypes }) => modelTypes))].join(", ");
    const type = json?.["model_type"];
    const got =
      type === undefined
        ? "no model_type, so this is no transformer"
        : `unknown architecture ${shown(type)} in model_type`;
    throw new SemspaceError(
      "unsupported",
      `${name}: ${got}. Known: ${names}. A folder with onnx/model.onnx works with any.`,
    );
  }
  const { section, defaults, keys } = architecture;
  const own = section === undefined ? undefined : json[section];
  const part = typeof own === "object" && own !== null ? { ...own, model_type: json["model_type"] } : json;
  const config = parseConfig({ ...defaults, ...part }, { name, keys });
  const refused = architecture.refuse(config);
  if (refused) throw new SemspaceError("unsupported", `${name} asks for ${refused}.`);
  return { architecture, config };
}
