/** Where a graph with int8 weights lies when ONNX Runtime opens it: beside links to the file of the float weights that it still has, or in memory. */
import { type OnnxGraph, type StoredTensor, writeOnnx } from "../formats/onnx-writer.ts";
import type { ModelFolder } from "../hub/folder.ts";
import { gathered, linkedGraph, type MadeFile } from "./graph-cache.ts";
import { quantize } from "./quantize.ts";
import { quantizedBytes, quantizedFile, quantizedLength } from "./quantized-weights.ts";
import type { SessionOptions, SessionSource } from "./session.ts";
import type { CheckpointWeights } from "./weights.ts";

export interface GraphParts {
  readonly graph: OnnxGraph;
  readonly weights: CheckpointWeights;
  readonly options: SessionOptions;
}

/** In the order in which they are tried. */
export function quantizedSources(
  folder: ModelFolder,
  { graph: floats, weights, options }: GraphParts,
): (() => Promise<SessionSource | undefined>)[] {
  const { graph, tensors } = quantize(floats);
  const made: MadeFile = {
    path: quantizedFile,
    length: quantizedLength(tensors),
    isKept: options.cacheQuantized === true,
    bytes: () => quantizedBytes(tensors, (name) => weights.readFloat32(name)),
  };
  const inCache = () =>
    linkedGraph(folder, weights.files, { graph: writeOnnx(graph), ...(tensors.length > 0 && { made }) });
  const inMemory = async () => {
    const rest = withoutFiles(graph);
    const floatData = await gathered({ ...rest, bytes: () => bytesOf(rest.names, weights) });
    const externalData = [
      { path: made.path, data: await gathered(made) },
      { path: restFile, data: floatData },
    ];
    return { model: writeOnnx(rest.graph), externalData };
  };
  return [inCache, inMemory];
}

const restFile = "float-weights";

/** The graph with its float weights one after another in one file: the checkpoint's holds also those that int8 has replaced. */
function withoutFiles(graph: OnnxGraph): { graph: OnnxGraph; names: readonly string[]; length: number } {
  const weights = new Map<string, StoredTensor>();
  const names: string[] = [];
  let length = 0;
  for (const [name, tensor] of graph.weights) {
    if (tensor.file === quantizedFile) {
      weights.set(name, tensor);
      continue;
    }
    names.push(name);
    weights.set(name, { ...tensor, file: restFile, offset: length });
    length += tensor.length;
  }
  return { graph: { ...graph, weights }, names, length };
}

async function* bytesOf(names: readonly string[], weights: CheckpointWeights): AsyncGenerator<Uint8Array> {
  for (const name of names) yield await weights.readBytes(name);
}
