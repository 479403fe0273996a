/** From a model's folder to an encoder that runs: config.json and its weights by way of a graph, or a ready ONNX file. */
import { SemspaceError } from "../errors.ts";
import { checkpointFiles, findCheckpoint, type OnnxGraph, openCheckpoint, writeOnnx } from "../formats/index.ts";
import { type ModelFolder, type ModelSource, openFolder, readJson } from "../hub/folder.ts";
import { type Architecture, readArchitecture } from "./architectures/index.ts";
import type { TransformerConfig } from "./config.ts";
import { encoderGraph, type EncoderOutputs, hiddenOutput } from "./encoder-graph.ts";
import { checkDtype } from "./dtype.ts";
import { feedsOf } from "./feeds.ts";
import { fuse } from "./fuse.ts";
import { graphInMemory, linkedGraph } from "./graph-cache.ts";
import { findOnnx, openOnnxFolder } from "./onnx-folder.ts";
import { type GraphParts, quantizedSources } from "./quantized-sources.ts";
import { openFirst, type Session, type SessionOptions } from "./session.ts";
import { SessionTransformer, type Transformer } from "./transformer.ts";
import { type CheckpointWeights, weightLookup } from "./weights.ts";

export interface TransformerOptions extends SessionOptions {
  /** Whether operators are fused for speed; the vectors are equal to rounding either way. Default true. */
  readonly fuse?: boolean | undefined;
  /** What the graph gives, and so computes; left out, the last hidden states and their poolings. Ready ONNX files give what they give. */
  readonly outputs?: EncoderOutputs | undefined;
  /** Hears of what is not wrong enough for an error, such as a tokenizer of another model. Default: a process warning in Node, the console in a browser. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * Opens an encoder.
 *
 * @example
 * const transformer = await loadTransformer("models/all-MiniLM-L6-v2");
 * const { data } = await transformer.run(tokenizer.encode("Hello world")); // Float32Array(1 * 4 * 384)
 */
export async function loadTransformer(source: ModelSource, options: TransformerOptions = {}): Promise<Transformer> {
  const folder = await openFolder(source);
  const onnx = await findOnnx(folder);
  if ((await findCheckpoint(folder)) !== undefined) {
    // A ready export is the way out for an architecture that is not built here.
    return openEncoder(folder, options).catch((error: unknown) => {
      const isUnknown = error instanceof SemspaceError && error.code === "unsupported";
      if (isUnknown && onnx !== undefined) return openOnnxFolder(folder, onnx, options);
      throw error;
    });
  }
  if (onnx !== undefined) return openOnnxFolder(folder, onnx, options);
  throw noWeights(folder);
}

async function openEncoder(folder: ModelFolder, options: TransformerOptions): Promise<Transformer> {
  const { session, architecture, config } = await openGraph(
    folder,
    ({ architecture: layers, config: numbers, weights }) =>
      encoderGraph(layers, numbers, weights, { outputs: options.outputs }),
    options,
  );
  return new SessionTransformer({
    session,
    config,
    dimensions: config.hiddenSize,
    maxPositions: architecture.maxPositions(config),
    vocabularySize: config.vocabularySize,
    outputs: Object.fromEntries(session.outputs.map(({ name }) => [name === hiddenOutput ? "hidden" : name, name])),
    feeds: feedsOf(session.inputs, folder.name, config.typeVocabularySize),
    onWarning: options.onWarning,
  });
}

/** What a graph is drawn from. */
export interface Checkpoint {
  readonly architecture: Architecture;
  readonly config: TransformerConfig;
  readonly weights: CheckpointWeights;
}

/** Opens the graph that `draw` makes over the weights of a folder: an encoder with its poolings, or with a head. */
export async function openGraph(
  folder: ModelFolder,
  draw: (checkpoint: Checkpoint) => OnnxGraph,
  options: SessionOptions & Pick<TransformerOptions, "fuse">,
): Promise<Checkpoint & { session: Session }> {
  const json = await readJson<Record<string, unknown>>(folder, "config.json");
  const { architecture, config } = readArchitecture(json, `config.json in ${folder.name}`);
  const path = await findCheckpoint(folder);
  if (path === undefined) throw noWeights(folder);
  const weights = weightLookup(await openCheckpoint(folder, path), architecture.anchor);
  const plain = draw({ architecture, config, weights });
  const whole = options.fuse === false ? plain : fuse(plain);
  const sources = checkDtype(options.dtype) === "int8" ? quantizedSources : floatSources;
  const session = await openFirst(sources(folder, { graph: whole, weights, options }), options);
  return { session, architecture, config, weights };
}

function floatSources(
  folder: ModelFolder,
  { graph, weights: { files } }: GraphParts,
): ReturnType<typeof quantizedSources> {
  const bytes = writeOnnx(graph);
  return [() => linkedGraph(folder, files, { graph: bytes }), () => graphInMemory(folder, files, bytes)];
}

function noWeights(folder: ModelFolder): SemspaceError {
  return new SemspaceError(
    "missing-file",
    `No weights in ${folder.name}. Looked for: ${[...checkpointFiles, "onnx/model.onnx", "model.onnx"].join(", ")}. One is needed.`,
  );
}
