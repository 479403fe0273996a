/**
 * Finds an architecture's tensors in a checkpoint, whatever prefix a task's model gave them (`bert.`, `mpnet.`, `model.`, none)
 * and whatever its age (`LayerNorm.gamma` and `.beta` are today's `.weight` and `.bias`), and says where their bytes lie.
 * Nothing is read: the graph refers to ranges of the files. Only what does not lie row-major in its file (views of PyTorch) is packed, in memory.
 */
import { SemspaceError } from "../errors.ts";
import type { TensorFile, TensorInfo } from "../formats/index.ts";
import type { OnnxType, StoredTensor } from "../formats/onnx-writer.ts";
import type { WeightLookup } from "./graph.ts";

/** The files that a graph's tensors lie in. */
export interface WeightFiles {
  /** By their names beside the graph: the paths in the model's folder. */
  readonly ranges: ReadonlyMap<string, string>;
  /** The file of tensors that were packed; undefined where there are none. */
  packed(): Promise<{ path: string; data: Uint8Array } | undefined>;
}

/**
 * Where the tensors of a checkpoint lie, and whether it has one: heads ask for what some files leave out. `files` are those
 * of the tensors asked for so far.
 */
export type CheckpointWeights = WeightLookup & {
  has(name: string): boolean;
  readonly files: WeightFiles;
  /** What the checkpoint calls a tensor, prefix included. */
  nameOf(name: string): string;
  /** A tensor's values, whatever number type the file has. */
  readFloat32(name: string): Promise<Float32Array>;
  /** A tensor's bytes as the file has them, row-major. */
  readBytes(name: string): Promise<Uint8Array>;
};

const packedFile = "packed-weights";

const onnxTypes: Readonly<Record<string, OnnxType>> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/**
 * The lookup for one checkpoint; `anchor` is a tensor that every checkpoint of the architecture has, by its plain name,
 * and tells the prefix. Tensors of a head stand beside it, without prefix (`classifier.weight` beside `bert.embeddings…`).
 * The lookup throws `mismatch` for a tensor that is missing or has another shape.
 */
export function weightLookup(file: TensorFile, anchor: string): CheckpointWeights {
  const prefix = checkpointPrefix(file, anchor);
  const files = new CollectedFiles(file);
  const nameIn = (name: string) => findTensor(file, prefix, name) ?? prefix + name;
  const lookup: WeightLookup = (name, shape) => {
    const tensor = file.tensor(nameIn(name));
    return { type: checkedType(file, tensor, shape), shape, ...files.place(tensor) };
  };
  return Object.assign(lookup, {
    has: (name: string) => findTensor(file, prefix, name) !== undefined,
    files,
    nameOf: nameIn,
    readFloat32: (name: string) => file.readFloat32(nameIn(name)),
    readBytes: (name: string) => file.readBytes(nameIn(name)),
  });
}

class CollectedFiles implements WeightFiles {
  readonly ranges = new Map<string, string>();
  readonly #names = new Map<string, string>();
  readonly #packed: TensorInfo[] = [];
  #packedLength = 0;
  readonly #file: TensorFile;

  constructor(file: TensorFile) {
    this.#file = file;
  }

  /** Where the graph finds the tensor. */
  place(tensor: TensorInfo): Pick<StoredTensor, "file" | "offset" | "length"> {
    const { path, offset, length, strides } = tensor;
    if (strides) {
      this.#packed.push(tensor);
      this.#packedLength += length;
      return { file: packedFile, offset: this.#packedLength - length, length };
    }
    let file = this.#names.get(path);
    if (file === undefined) {
      file = this.#names.size === 0 ? "weights" : `weights-${this.#names.size + 1}`;
      this.#names.set(path, file);
      this.ranges.set(file, path);
    }
    return { file, offset, length };
  }

  async packed(): Promise<{ path: string; data: Uint8Array } | undefined> {
    if (this.#packedLength === 0) return undefined;
    const data = new Uint8Array(this.#packedLength);
    let at = 0;
    for (const { name, length } of this.#packed) {
      data.set(await this.#file.readBytes(name), at);
      at += length;
    }
    return { path: packedFile, data };
  }
}

/** What stands before the anchor's name; of several (an encoder and its copy) the shortest. */
function checkpointPrefix(file: TensorFile, anchor: string): string {
  const found = [...file.tensors.keys()]
    .filter((name) => name === anchor || name.endsWith(`.${anchor}`))
    .toSorted((a, b) => a.length - b.length);
  return found[0]?.slice(0, -anchor.length) ?? "";
}

/** A tensor's name in the file. */
function findTensor(file: TensorFile, prefix: string, name: string): string | undefined {
  const legacy = name.replace(/LayerNorm\.weight$/, "LayerNorm.gamma").replace(/LayerNorm\.bias$/, "LayerNorm.beta");
  const names = [prefix + name, prefix + legacy, name, legacy];
  return names.find((one) => file.tensors.has(one));
}

function checkedType(file: TensorFile, { name, shape, dtype }: TensorInfo, expected: readonly number[]): OnnxType {
  if (shape.length !== expected.length || shape.some((size, axis) => size !== expected[axis])) {
    throw new SemspaceError(
      "mismatch",
      `Tensor "${name}" in ${file.name} has shape [${shape.join(", ")}], config.json asks for [${expected.join(", ")}]. Do the two files belong together?`,
    );
  }
  const type = onnxTypes[dtype];
  if (type) return type;
  throw new SemspaceError(
    "unsupported",
    `Tensor "${name}" in ${file.name} is ${dtype}. Weights can be: ${Object.keys(onnxTypes).join(", ")}.`,
  );
}
