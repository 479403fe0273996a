/**
 * Writes an ONNX model: the few protobuf messages of onnx.proto3 that a computation graph needs.
 * Reference: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 * Weights are not written: a `StoredTensor` is ONNX external data, a range of bytes in a file beside the model.
 */
import { SemspaceError } from "../errors.ts";

/** The types of values that graphs here use; the number is ONNX's TensorProto.DataType. */
const elementTypes = { float32: 1, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10, bfloat16: 16 } as const;

export type OnnxType = keyof typeof elementTypes;

/** An input or output of a graph; a string is the name of a dimension that is only known at run time. */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

/** A tensor whose values lie in another file. */
export interface StoredTensor {
  readonly type: OnnxType;
  readonly shape: readonly number[];
  /** File name beside the model. */
  readonly file: string;
  /** Bytes from the file's start. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** A small tensor whose values are written into the model. */
export interface ConstantTensor {
  readonly type: "float32" | "int32" | "int64";
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] };

export interface OnnxNode {
  readonly operator: string;
  /** `""` is ONNX itself. */
  readonly domain: "" | "com.microsoft";
  /** `""` leaves out an optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** In an order in which every input is made before it is used. */
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, ConstantTensor>;
  readonly weights: ReadonlyMap<string, StoredTensor>;
}

/** ONNX operator set 20 (the first with Gelu) needs IR version 9; ONNX Runtime reads both from 1.17 on. */
const operatorSet = 20;
const irVersion = 9;

/** The bytes of the ONNX file of `graph`. */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const domains = new Set(["", ...graph.nodes.map((node) => node.domain)]);
  return message((model) => {
    model.int(1, irVersion);
    model.string(2, "semspace");
    model.message(7, (out) => writeGraph(out, graph));
    for (const domain of domains) {
      model.message(8, (set) => {
        set.string(1, domain);
        set.int(2, domain === "" ? operatorSet : 1);
      });
    }
  });
}

function writeGraph(out: MessageWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) out.message(1, (inner) => writeNode(inner, node));
  out.string(2, "semspace");
  for (const [name, tensor] of graph.constants) out.message(5, (inner) => writeConstant(inner, name, tensor));
  for (const [name, tensor] of graph.weights) out.message(5, (inner) => writeStored(inner, name, tensor));
  for (const value of graph.inputs) out.message(11, (inner) => writeValue(inner, value));
  for (const value of graph.outputs) out.message(12, (inner) => writeValue(inner, value));
}

function writeNode(out: MessageWriter, { operator, domain, inputs, outputs, attributes }: OnnxNode): void {
  for (const name of inputs) out.string(1, name);
  for (const name of outputs) out.string(2, name);
  out.string(3, outputs[0]);
  out.string(4, operator);
  for (const [name, value] of Object.entries(attributes)) out.message(5, (inner) => writeAttribute(inner, name, value));
  if (domain !== "") out.string(7, domain);
}

function writeAttribute(out: MessageWriter, name: string, value: OnnxAttribute): void {
  out.string(1, name);
  if ("float" in value) {
    out.float(2, value.float);
    out.int(20, 1);
  } else if ("int" in value) {
    out.int(3, value.int);
    out.int(20, 2);
  } else if ("string" in value) {
    out.string(4, value.string);
    out.int(20, 3);
  } else {
    for (const n of value.ints) out.int(8, n);
    out.int(20, 7);
  }
}

function writeConstant(out: MessageWriter, name: string, { type, shape, values }: ConstantTensor): void {
  const count = shape.reduce((product, n) => product * n, 1);
  if (values.length !== count) {
    throw new SemspaceError(
      "mismatch",
      `Constant ${name} of shape [${shape.join(", ")}] needs ${count} values, got ${values.length}.`,
    );
  }
  for (const n of shape) out.int(1, n);
  out.int(2, elementTypes[type]);
  out.string(8, name);
  const raw = {
    float32: () => Float32Array.from(values),
    int32: () => Int32Array.from(values),
    int64: () => BigInt64Array.from(values, BigInt),
  }[type]();
  out.bytes(9, new Uint8Array(raw.buffer));
}

function writeStored(out: MessageWriter, name: string, { type, shape, file, offset, length }: StoredTensor): void {
  for (const n of shape) out.int(1, n);
  out.int(2, elementTypes[type]);
  out.string(8, name);
  for (const [key, value] of Object.entries({ location: file, offset: String(offset), length: String(length) })) {
    out.message(13, (entry) => {
      entry.string(1, key);
      entry.string(2, value);
    });
  }
  out.int(14, 1);
}

function writeValue(out: MessageWriter, { name, type, shape }: OnnxValue): void {
  out.string(1, name);
  out.message(2, (valueType) => {
    valueType.message(1, (tensor) => {
      tensor.int(1, elementTypes[type]);
      tensor.message(2, (dims) => {
        for (const size of shape) {
          dims.message(1, (dim) => (typeof size === "number" ? dim.int(1, size) : dim.string(2, size)));
        }
      });
    });
  });
}

/** A protobuf message under construction; the field numbers are those of onnx.proto3. */
class MessageWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  int(field: number, value: number): void {
    this.#varint(field * 8);
    // A negative int64 is its two's complement in ten bytes.
    if (value < 0) this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
    else this.#varint(value);
  }

  float(field: number, value: number): void {
    this.#varint(field * 8 + 5);
    this.#append(new Uint8Array(Float32Array.of(value).buffer));
  }

  string(field: number, value: string): void {
    this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): void {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.#append(value);
  }

  message(field: number, write: (inner: MessageWriter) => void): void {
    this.bytes(field, message(write));
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #varint(value: number): void {
    for (; value >= 128; value = Math.floor(value / 128)) this.#append([(value % 128) + 128]);
    this.#append([value]);
  }

  #bigVarint(value: bigint): void {
    for (; value >= 128n; value >>= 7n) this.#append([Number(value & 127n) + 128]);
    this.#append([Number(value)]);
  }

  #append(more: ArrayLike<number>): void {
    const needed = this.#length + more.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(more, this.#length);
    this.#length = needed;
  }
}

function message(write: (out: MessageWriter) => void): Uint8Array {
  const out = new MessageWriter();
  write(out);
  return out.finish();
}
