/**
 * npy, numpy's file of one array: magic, version, header length, a Python dictionary as text, then the values in row-major or Fortran order.
 * Reference: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html (versions 1.0 and 2.0; 3.0 only adds UTF-8 names).
 * Differs: plain numeric types only, little endian; anything else is refused by name. Written in row-major order.
 */
import { SemspaceError, shown } from "../errors.ts";
import { toRowMajor } from "./fortran-order.ts";
import { float16ToFloat32 } from "./half.ts";

/** numpy's names of the types that are read. */
export type NpyType = "<f4" | "<f8" | "<f2" | "|i1" | "|u1" | "<i4" | "<i8";

/** numpy's name of a type → the array that holds it; float16 (`<f2`) becomes float32. */
const arrayTypes = {
  "<f4": Float32Array,
  "<f8": Float64Array,
  "<f2": Uint16Array,
  "|i1": Int8Array,
  "|u1": Uint8Array,
  "<i4": Int32Array,
  "<i8": BigInt64Array,
} as const;

export type NpyValues = Float32Array | Float64Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

/** An array of any number of dimensions, row-major; `[]` is a single value. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: NpyValues;
}

const magic = "\x93NUMPY";
/** Longest header that is read, in bytes; numpy itself stops at 10,000 characters. */
const maxHeaderBytes = 10_000;
/** Most dimensions that are read; numpy's own limit. */
const maxDimensions = 64;
/** Length of a header that is written, so that it can be written again with another shape of the same file. */
const writtenHeaderBytes = 128;

/** Reads an npy file; `name` is for messages. Throws `invalid-file`, or `unsupported` for a type that is not read. */
export function readNpy(bytes: Uint8Array, name = "npy file"): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || latin1(bytes.subarray(0, 6)) !== magic)
    throw broken(name, "it does not start with the magic \\x93NUMPY");
  const version = bytes[6];
  if (version < 1 || version > 3) throw broken(name, `its version is ${version}, known are 1, 2 and 3`);
  const headerStart = version === 1 ? 10 : 12;
  if (bytes.length < headerStart) throw broken(name, `it has only ${bytes.length} bytes`);
  const headerLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (headerLength > maxHeaderBytes)
    throw broken(name, `its header claims ${headerLength} bytes, at most ${maxHeaderBytes} are read`);
  const dataStart = headerStart + headerLength;
  if (dataStart > bytes.length)
    throw broken(name, `its header claims ${headerLength} bytes, the file has ${bytes.length - headerStart}`);
  const { type, shape, fortran } = parseHeader(latin1(bytes.subarray(headerStart, dataStart)), name);
  const count = shape.reduce((product, n) => product * n, 1);
  const needed = count * arrayTypes[type].BYTES_PER_ELEMENT;
  if (needed !== bytes.length - dataStart) {
    throw broken(name, `${type} of shape ${shown(shape)} needs ${needed} bytes, it has ${bytes.length - dataStart}`);
  }
  const stored = new arrayTypes[type](new Uint8Array(bytes.subarray(dataStart)).buffer);
  const values = stored instanceof Uint16Array ? float16ToFloat32(stored) : stored;
  return { shape, data: fortran ? toRowMajor<NpyValues>(values, values.slice(), shape) : values };
}

/** The bytes of an npy file (version 1.0). Throws `mismatch` when the values do not fill the shape. */
export function writeNpy({ shape, data }: NpyArray): Uint8Array {
  const count = shape.reduce((product, n) => product * n, 1);
  if (data.length !== count) {
    throw new SemspaceError(
      "mismatch",
      `An array of shape (${shape.join(", ")}) needs ${count} values, got ${data.length}.`,
    );
  }
  const header = npyHeader(typeOf(data), shape);
  const out = new Uint8Array(header.length + data.byteLength);
  out.set(header);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return out;
}

/**
 * What stands before the values: always 128 bytes (for up to four dimensions), so a writer that streams rows
 * can write it first and again at the end, when the number of rows is known.
 */
export function npyHeader(type: NpyType, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const length = Math.max(writtenHeaderBytes, Math.ceil((10 + text.length + 1) / 64) * 64);
  const out = new Uint8Array(length).fill(0x20);
  out.set(Uint8Array.from(`${magic}\x01\x00`, (character) => character.charCodeAt(0)));
  new DataView(out.buffer).setUint16(8, length - 10, true);
  out.set(new TextEncoder().encode(text), 10);
  out[length - 1] = 0x0a;
  return out;
}

function typeOf(data: NpyValues): NpyType {
  if (data instanceof Float32Array) return "<f4";
  if (data instanceof Float64Array) return "<f8";
  if (data instanceof Int8Array) return "|i1";
  if (data instanceof Uint8Array) return "|u1";
  return data instanceof Int32Array ? "<i4" : "<i8";
}

/** The header is a literal Python dictionary; only the three keys that numpy writes are looked for. */
function parseHeader(text: string, name: string): { type: NpyType; shape: number[]; fortran: boolean } {
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || tuple === undefined) {
    throw broken(name, `its header is ${shown(text.trim())}, descr, fortran_order and shape are needed`);
  }
  if (!Object.hasOwn(arrayTypes, descr)) {
    throw new SemspaceError(
      "unsupported",
      `${name} holds ${shown(descr)}. Types that are read: ${Object.keys(arrayTypes).join(", ")}.`,
    );
  }
  const shape = tuple
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  if (shape.length > maxDimensions || !shape.every(Number.isSafeInteger))
    throw broken(name, `its shape is (${tuple}), at most ${maxDimensions} whole numbers below 2^53 are read`);
  return { type: descr as NpyType, shape, fortran: order === "True" };
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function broken(name: string, what: string): SemspaceError {
  return new SemspaceError("invalid-file", `Broken npy file ${name}: ${what}. Save it again with numpy.save.`);
}
