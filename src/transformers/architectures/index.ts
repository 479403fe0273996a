/** The architectures that can be built. Adding one is a file here and its name in the list: docs/transformers.md. */
import { SemspaceError, shown } from "../../errors.ts";
import { parseConfig, type TransformerConfig } from "../config.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { bert } from "./bert.ts";
import { mpnet } from "./mpnet.ts";

const architectures: readonly Architecture[] = [bert, mpnet];

/** What an architecture's graph starts from. */
export interface EncoderInputs {
  /** Token ids, int32 [B, S]. */
  readonly ids: Value;
  /** 0 for a first text, 1 for a second, int32 [B, S]. */
  readonly typeIds: Value;
  /** Added to attention scores so that padding is not seen, float32 [B, 1, 1, S]. */
  readonly maskBias: Value;
}

/** One encoder: its name in config.json, what it refuses, and its graph. */
export interface Architecture {
  /** `model_type` of config.json. */
  readonly modelType: string;
  /** A tensor that every checkpoint has, by its name without prefix. */
  readonly anchor: string;
  /** Keys of config.json where they differ from BERT's: `{ hidden_size: "dim" }`. */
  readonly keys?: Readonly<Record<string, string>>;
  /** What in the config cannot be built, as the middle of a sentence; undefined when all can. */
  refuse(config: TransformerConfig): string | undefined;
  /** Longest text, in tokens, special tokens included. */
  maxPositions(config: TransformerConfig): number;
  /** Adds the graph and gives the last hidden states, float32 [B, S, H]. */
  build(g: GraphBuilder, inputs: EncoderInputs, config: TransformerConfig): Value;
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
  const architecture = known.find(({ modelType }) => modelType === json?.["model_type"]);
  if (!architecture) {
    const names = known.map(({ modelType }) => modelType).join(", ");
    throw new SemspaceError(
      "unsupported",
      `${name}: unknown architecture ${shown(json?.["model_type"])} in model_type. Known: ${names}. A folder with onnx/model.onnx works with any.`,
    );
  }
  const config = parseConfig(json, { name, keys: architecture.keys });
  const refused = architecture.refuse(config);
  if (refused) throw new SemspaceError("unsupported", `${name} asks for ${refused}.`);
  return { architecture, config };
}
