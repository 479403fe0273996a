/**
 * safetensors, the format of model weights: 8 bytes header length (little endian), a JSON header
 * `{ name: { dtype, shape, data_offsets: [start, end] } }`, then the tensors' bytes, row-major, little endian.
 * Reference: https://huggingface.co/docs/safetensors
 *
 * Only the header is read at opening; a tensor is read when asked for, so a file is never loaded whole.
 */
import { SemspaceError } from "../errors.ts";
import { bfloat16ToFloat32, float16ToFloat32 } from "./half.ts";
import {
  brokenSafetensors,
  dtypeBytes,
  maxSafetensorsHeaderBytes,
  parseSafetensorsHeader,
  type SafetensorsDtype,
  type TensorInfo,
} from "./safetensors-header.ts";

/** What a file is read from; a `ModelFolder` is one. */
export interface FileSource {
  readonly name: string;
  read(path: string, range?: { offset: number; length: number }): Promise<Uint8Array>;
  size(path: string): Promise<number | undefined>;
}

/** A safetensors file of which only the header has been read. */
export interface SafetensorsFile {
  /** File and folder, for messages. */
  readonly name: string;
  /** The free text map `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of their bytes in the file. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Throws `mismatch` and lists some names when there is no such tensor. */
  tensor(name: string): TensorInfo;
  /** The raw bytes of a tensor. */
  readBytes(name: string): Promise<Uint8Array>;
  /** The tensor's values as float32, whatever number type it has. Throws `unsupported` for float8. */
  readFloat32(name: string): Promise<Float32Array>;
  /** The values of an integer tensor. Throws `mismatch` for floats, `invalid-file` for a value outside int32. */
  readInt32(name: string): Promise<Int32Array>;
}

/** Opens `path` in `folder`. Throws `missing-file`, or `invalid-file` that names the tensor and what is wrong. */
export async function openSafetensors(folder: FileSource, path: string): Promise<SafetensorsFile> {
  const name = `${path} in ${folder.name}`;
  const told = await folder.size(path);
  // A server that compresses does not tell the size.
  const size = Number.isNaN(told) ? (await folder.read(path)).length : told;
  if (size === undefined) throw new SemspaceError("missing-file", `No ${name}.`);
  if (size < 8) throw brokenSafetensors(name, `it has ${size} bytes, the header length alone takes 8`);
  const headerLength = Number(viewOf(await folder.read(path, { offset: 0, length: 8 })).getBigUint64(0, true));
  if (headerLength > maxSafetensorsHeaderBytes) {
    throw brokenSafetensors(
      name,
      `its header claims ${headerLength} bytes, at most ${maxSafetensorsHeaderBytes} are read`,
    );
  }
  if (headerLength > size - 8) {
    throw brokenSafetensors(name, `its header claims ${headerLength} bytes, the file has ${size - 8} after the length`);
  }
  const dataStart = 8 + headerLength;
  const header = await folder.read(path, { offset: 8, length: headerLength });
  return new OpenFile({
    folder,
    path,
    name,
    ...parseSafetensorsHeader(header, { dataStart, dataLength: size - dataStart, name }),
  });
}

interface OpenFileParts {
  folder: FileSource;
  path: string;
  name: string;
  metadata: ReadonlyMap<string, string>;
  tensors: ReadonlyMap<string, TensorInfo>;
}

class OpenFile implements SafetensorsFile {
  readonly name: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly #folder: FileSource;
  readonly #path: string;

  constructor({ folder, path, name, metadata, tensors }: OpenFileParts) {
    this.#folder = folder;
    this.#path = path;
    this.name = name;
    this.metadata = metadata;
    this.tensors = tensors;
  }

  tensor(name: string): TensorInfo {
    const found = this.tensors.get(name);
    if (found) return found;
    const some = [...this.tensors.keys()].slice(0, 8).join(", ");
    const more = this.tensors.size > 8 ? `, … (${this.tensors.size} in all)` : "";
    throw new SemspaceError("mismatch", `No tensor "${name}" in ${this.name}. It has: ${some || "none"}${more}.`);
  }

  readBytes(name: string): Promise<Uint8Array> {
    const { offset, length } = this.tensor(name);
    return this.#folder.read(this.#path, { offset, length });
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
        throw brokenSafetensors(this.name, `value ${i} of tensor "${name}" is ${value}, beyond 32 bits`);
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
function typedArray(dtype: SafetensorsDtype, bytes: Uint8Array): TensorValues {
  const width = dtypeBytes[dtype];
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  return new viewClasses[dtype](aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / width);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
