/**
 * Named tensors in one file or several, of which only names, shapes and places have been read: what safetensors files, PyTorch's
 * .bin files and checkpoints in shards have in common. A tensor's bytes are read when asked for, so no file is loaded whole.
 */
import { SemspaceError } from "../errors.ts";
import { bfloat16ToFloat32, float16ToFloat32 } from "./half.ts";
import { packed, spanBytes } from "./strides.ts";

/** What files are read from; a `ModelFolder` is one. */
export interface FileSource {
  readonly name: string;
  read(path: string, range?: { offset: number; length: number }): Promise<Uint8Array>;
  size(path: string): Promise<number | undefined>;
}

/** The size of a file in bytes. Throws `missing-file`. */
export async function sizeOf(folder: FileSource, path: string): Promise<number> {
  const told = await folder.size(path);
  if (told === undefined) throw new SemspaceError("missing-file", `No ${path} in ${folder.name}.`);
  // A server that compresses does not tell the size.
  return Number.isNaN(told) ? (await folder.read(path)).length : told;
}

/** The types of values that tensors have, as safetensors names them. */
export type TensorDtype =
  | ("F64" | "F32" | "F16" | "BF16" | "F8_E4M3" | "F8_E5M2")
  | ("I64" | "I32" | "I16" | "I8" | "U64" | "U32" | "U16" | "U8" | "BOOL");

/** Bytes of one value. */
export const dtypeBytes: Readonly<Record<TensorDtype, number>> = {
  ...{ F64: 8, F32: 4, F16: 2, BF16: 2, F8_E4M3: 1, F8_E5M2: 1 },
  ...{ I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1 },
};

/** Most dimensions that a tensor may have. */
export const maxDimensions = 16;

export interface TensorInfo {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  /** The file in the folder. */
  readonly path: string;
  /** Position of its first value in the file, in bytes. */
  readonly offset: number;
  /** Length of its values in bytes. */
  readonly length: number;
  /** Values from one index to the next along each axis; absent where the values lie row-major without gaps. */
  readonly strides?: readonly number[];
}

/** Throws as its files do; a `SafetensorsFile` is one. */
export interface TensorFile {
  /** File and folder, for messages. */
  readonly name: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Throws `mismatch` and lists some names when there is no such tensor. */
  tensor(name: string): TensorInfo;
  /** The bytes of a tensor's values, row-major. */
  readBytes(name: string): Promise<Uint8Array>;
  /** The tensor's values as float32, whatever number type it has. Throws `unsupported` for float8. */
  readFloat32(name: string): Promise<Float32Array>;
  /** The values of an integer tensor. Throws `mismatch` for floats, `invalid-file` for a value outside int32. */
  readInt32(name: string): Promise<Int32Array>;
}

/** The tensors of `folder` as `tensors` describes them; every range must have been checked against its file. */
export function tensorFile(
  folder: FileSource,
  { name, tensors }: { name: string; tensors: ReadonlyMap<string, TensorInfo> },
): TensorFile {
  return new OpenTensors(folder, name, tensors);
}

class OpenTensors implements TensorFile {
  readonly name: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly #folder: FileSource;

  constructor(folder: FileSource, name: string, tensors: ReadonlyMap<string, TensorInfo>) {
    this.#folder = folder;
    this.name = name;
    this.tensors = tensors;
  }

  tensor(name: string): TensorInfo {
    const found = this.tensors.get(name);
    if (found) return found;
    const some = [...this.tensors.keys()].slice(0, 8).join(", ");
    const more = this.tensors.size > 8 ? `, … (${this.tensors.size} in all)` : "";
    throw new SemspaceError("mismatch", `No tensor "${name}" in ${this.name}. It has: ${some || "none"}${more}.`);
  }

  async readBytes(name: string): Promise<Uint8Array> {
    const { path, offset, length, shape, strides, dtype } = this.tensor(name);
    if (!strides) return this.#folder.read(path, { offset, length });
    const layout = { shape, strides, width: dtypeBytes[dtype] };
    return packed(await this.#folder.read(path, { offset, length: spanBytes(layout) }), layout);
  }

  async readFloat32(name: string): Promise<Float32Array> {
    const { dtype } = this.tensor(name);
    if (dtype === "F8_E4M3" || dtype === "F8_E5M2") {
      throw new SemspaceError(
        "unsupported",
        `Tensor "${name}" in ${this.name} is ${dtype}. Float8 is not read; save it as F16 or F32.`,
      );
    }
    const values = typedArray(dtype, await this.readBytes(name));
    if (values instanceof Float32Array) return values;
    if (dtype === "F16") return float16ToFloat32(values as Uint16Array);
    if (dtype === "BF16") return bfloat16ToFloat32(values as Uint16Array);
    const isWide = values instanceof BigInt64Array || values instanceof BigUint64Array;
    return isWide ? Float32Array.from(values, Number) : Float32Array.from(values);
  }

  async readInt32(name: string): Promise<Int32Array> {
    const { dtype } = this.tensor(name);
    if (!/^[IUB](?!F)/.test(dtype)) {
      throw new SemspaceError(
        "mismatch",
        `Tensor "${name}" in ${this.name} is ${dtype}, whole numbers are needed (I8 … I64, U8 … U64).`,
      );
    }
    const values = typedArray(dtype, await this.readBytes(name));
    if (values instanceof Int32Array) return values;
    const out = new Int32Array(values.length);
    for (let i = 0; i < values.length; i++) {
      const value = Number(values[i]);
      out[i] = value;
      if (out[i] !== value) {
        const what = `value ${i} of tensor "${name}" is ${value}, beyond 32 bits`;
        throw new SemspaceError("invalid-file", `Broken file ${this.name}: ${what}. Fetch it again.`);
      }
    }
    return out;
  }
}

type TensorValues =
  | Float64Array
  | Float32Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

const viewClasses = {
  ...{
    F64: Float64Array,
    F32: Float32Array,
    F16: Uint16Array,
    BF16: Uint16Array,
    F8_E4M3: Uint8Array,
    F8_E5M2: Uint8Array,
  },
  ...{ I64: BigInt64Array, I32: Int32Array, I16: Int16Array, I8: Int8Array },
  ...{ U64: BigUint64Array, U32: Uint32Array, U16: Uint16Array, U8: Uint8Array, BOOL: Uint8Array },
} as const;

/** A view of the bytes, or of a copy where they do not lie on the type's boundary. */
function typedArray(dtype: TensorDtype, bytes: Uint8Array): TensorValues {
  const width = dtypeBytes[dtype];
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  return new viewClasses[dtype](aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / width);
}
