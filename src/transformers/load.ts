/** From a model's folder to an encoder that runs: config.json + model.safetensors by way of a graph, or a ready ONNX file. */
import { SemspaceError } from "../errors.ts";
import { openSafetensors } from "../formats/index.ts";
import { writeOnnx, type OnnxGraph } from "../formats/onnx-writer.ts";
import { type ModelFolder, type ModelSource, openFolder, readJson } from "../hub/folder.ts";
import { type Architecture, architectureOf } from "./architectures/index.ts";
import { parseConfig, type TransformerConfig } from "./config.ts";
import { feedsOf } from "./feeds.ts";
import { fuse } from "./fuse.ts";
import { graphInMemory, linkedGraph } from "./graph-cache.ts";
import { GraphBuilder, type WeightLookup } from "./graph.ts";
import { maskBias } from "./layers.ts";
import { openSession, type Session } from "./session.ts";
import { SessionTransformer, type Transformer } from "./transformer.ts";
import { weightLookup } from "./weights.ts";

export interface TransformerOptions {
  /** Threads of one operator; left out, one a core. */
  readonly threads?: number | undefined;
  /** Whether operators are fused for speed; the vectors are equal to rounding either way. Default true. */
  readonly fuse?: boolean | undefined;
}

const weightsPath = "model.safetensors";

/**
 * Opens an encoder.
 *
 * @example
 * const transformer = await loadTransformer("models/all-MiniLM-L6-v2");
 * const { data } = await transformer.run({ ids, attentionMask, rows: 2, columns: 16 }); // Float32Array(2 * 16 * 384)
 */
export async function loadTransformer(source: ModelSource, options: TransformerOptions = {}): Promise<Transformer> {
  const folder = await openFolder(source);
  const configName = `config.json in ${folder.name}`;
  const config = parseConfig(await readJson<Record<string, unknown>>(folder, "config.json"), configName);
  const architecture = architectureOf(config, configName);
  const weights = weightLookup(await openSafetensors(folder, weightsPath), architecture.anchor);
  const plain = encoderGraph(architecture, config, weights);
  const graph = options.fuse === false ? plain : fuse(plain);
  const session = await openGraph(folder, writeOnnx(graph), options);
  return new SessionTransformer({
    session,
    config,
    dimensions: config.hiddenSize,
    maxPositions: architecture.maxPositions(config),
    vocabularySize: config.vocabularySize,
    outputs: { hidden: "last_hidden_state", mean: "mean", cls: "cls" },
    feeds: feedsOf(session.inputs, folder.name),
  });
}

async function openGraph(folder: ModelFolder, graph: Uint8Array, options: TransformerOptions): Promise<Session> {
  const linked = await linkedGraph(folder, weightsPath, graph);
  if (linked) {
    // A version of ONNX Runtime with other rules may refuse the link; bytes it takes in any case.
    const session = await openSession(linked, options).catch((error: unknown) => {
      if (error instanceof SemspaceError && error.code === "invalid-file") return undefined;
      throw error;
    });
    if (session) return session;
  }
  return openSession(await graphInMemory(folder, weightsPath, graph), options);
}

/** The encoder with its poolings: inputs as exported models name them, outputs `last_hidden_state`, `mean`, `cls`. */
export function encoderGraph(architecture: Architecture, config: TransformerConfig, weights: WeightLookup): OnnxGraph {
  const g = new GraphBuilder(weights);
  const ids = g.input("input_ids", "int32", ["rows", "columns"]);
  const mask = g.input("attention_mask", "int32", ["rows", "columns"]);
  const typeIds = g.input("token_type_ids", "int32", ["rows", "columns"]);
  const hidden = architecture.build(g, { ids, typeIds, maskBias: maskBias(g, mask) }, config);
  g.output("last_hidden_state", hidden, ["rows", "columns", config.hiddenSize]);
  const floatMask = g.cast(mask, "float32");
  const sum = g.squeeze(g.matmul(g.unsqueeze(floatMask, [1]), hidden), [1]);
  g.output("mean", g.div(sum, g.max(g.reduceSum(floatMask, [1]), g.scalar(1e-9))), ["rows", config.hiddenSize]);
  g.output("cls", g.gather(hidden, g.constant("int64", [0], []), 1), ["rows", config.hiddenSize]);
  return g.graph();
}
