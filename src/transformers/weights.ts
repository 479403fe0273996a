/**
 * Finds an architecture's tensors in a checkpoint, whatever prefix a task's model gave them (`bert.`, `mpnet.`, `model.`, none)
 * and whatever its age (`LayerNorm.gamma` and `.beta` are today's `.weight` and `.bias`), and says where their bytes lie.
 * Nothing is read: the graph refers to ranges of the file.
 */
import { SemspaceError } from "../errors.ts";
import type { SafetensorsFile, TensorInfo } from "../formats/index.ts";
import type { OnnxType, StoredTensor } from "../formats/onnx-writer.ts";
import type { WeightLookup } from "./graph.ts";

/** The name, beside a graph, of the file that holds its weights. */
export const weightsFile = "weights";

/** Where the tensors of a checkpoint lie, and whether it has one: heads ask for what some files leave out. */
export type CheckpointWeights = WeightLookup & { has(name: string): boolean };

const onnxTypes: Readonly<Record<string, OnnxType>> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/**
 * The lookup for one checkpoint; `anchor` is a tensor that every checkpoint of the architecture has, by its plain name,
 * and tells the prefix. Tensors of a head stand beside it, without prefix (`classifier.weight` beside `bert.embeddings…`). The lookup throws `mismatch` for a tensor that is missing or has another shape.
 */
export function weightLookup(file: SafetensorsFile, anchor: string): CheckpointWeights {
  const prefix = checkpointPrefix(file, anchor);
  const lookup: WeightLookup = (name, shape) =>
    storedTensor(file, file.tensor(findTensor(file, prefix, name) ?? prefix + name), shape);
  return Object.assign(lookup, { has: (name: string) => findTensor(file, prefix, name) !== undefined });
}

/** What stands before the anchor's name; of several (an encoder and its copy) the shortest. */
function checkpointPrefix(file: SafetensorsFile, anchor: string): string {
  const found = [...file.tensors.keys()]
    .filter((name) => name === anchor || name.endsWith(`.${anchor}`))
    .toSorted((a, b) => a.length - b.length);
  return found[0]?.slice(0, -anchor.length) ?? "";
}

/** A tensor's name in the file. */
function findTensor(file: SafetensorsFile, prefix: string, name: string): string | undefined {
  const legacy = name.replace(/LayerNorm\.weight$/, "LayerNorm.gamma").replace(/LayerNorm\.bias$/, "LayerNorm.beta");
  const names = [prefix + name, prefix + legacy, name, legacy];
  return names.find((one) => file.tensors.has(one));
}

function storedTensor(file: SafetensorsFile, tensor: TensorInfo, expected: readonly number[]): StoredTensor {
  const { name, shape, dtype, offset, length } = tensor;
  if (shape.length !== expected.length || shape.some((size, axis) => size !== expected[axis])) {
    throw new SemspaceError(
      "mismatch",
      `Tensor "${name}" in ${file.name} has shape [${shape.join(", ")}], config.json asks for [${expected.join(", ")}]. Do the two files belong together?`,
    );
  }
  const type = onnxTypes[dtype];
  if (!type) {
    throw new SemspaceError(
      "unsupported",
      `Tensor "${name}" in ${file.name} is ${dtype}. Weights can be: ${Object.keys(onnxTypes).join(", ")}.`,
    );
  }
  return { type, shape, file: weightsFile, offset, length };
}
