/**
 * A typed builder of computation graphs over plain ONNX operators (operator set 20).
 * Every method adds one operator and gives its result, named after https://onnx.ai/onnx/operators/.
 * Nothing here knows a runtime: `fuse.ts` may rewrite the finished graph, `formats/onnx-writer.ts` writes it.
 */
import type {
  ConstantTensor,
  OnnxAttribute,
  OnnxGraph,
  OnnxNode,
  OnnxType,
  OnnxValue,
  StoredTensor,
} from "../formats/onnx-writer.ts";

/** A tensor in the graph under construction. */
export interface Value {
  readonly name: string;
}

/** Where a graph takes its weights from: name and shape → the range of bytes that holds them. */
export interface WeightLookup {
  (name: string, shape: readonly number[]): StoredTensor;
  /** Whether the checkpoint has a tensor; architectures whose layout config.json does not tell ask. */
  has?(name: string): boolean;
}

export class GraphBuilder {
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, ConstantTensor>();
  readonly #weights = new Map<string, StoredTensor>();
  readonly #widened = new Map<string, Value>();
  readonly #lookup: WeightLookup;

  constructor(lookup: WeightLookup) {
    this.#lookup = lookup;
  }

  input(name: string, type: OnnxType, shape: readonly (number | string)[]): Value {
    this.#inputs.push({ name, type, shape });
    return { name };
  }

  /** Gives `value` a name that callers of the graph know. */
  output(name: string, value: Value, shape: readonly (number | string)[]): void {
    this.#nodes.push({ operator: "Identity", domain: "", inputs: [value.name], outputs: [name], attributes: {} });
    this.#outputs.push({ name, type: "float32", shape });
  }

  /** A trained tensor, as float32; 16-bit weights are widened by a Cast, which ONNX Runtime does once, at load. */
  weight(name: string, shape: readonly number[]): Value {
    const widened = this.#widened.get(name);
    if (widened) return widened;
    const stored = this.#lookup(name, shape);
    this.#weights.set(name, stored);
    const value = stored.type === "float32" ? { name } : this.cast({ name }, "float32");
    this.#widened.set(name, value);
    return value;
  }

  /** Whether the checkpoint has a tensor of this name. */
  has(name: string): boolean {
    return this.#lookup.has?.(name) ?? false;
  }

  constant(type: ConstantTensor["type"], values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const name = `constant_${type}_${shape.join("x")}_${values.length > 8 ? this.#constants.size : values.join("_")}`;
    this.#constants.set(name, { type, shape, values });
    return { name };
  }

  scalar(value: number): Value {
    return this.constant("float32", [value], []);
  }

  add(a: Value, b: Value): Value {
    return this.#node("Add", [a, b]);
  }

  sub(a: Value, b: Value): Value {
    return this.#node("Sub", [a, b]);
  }

  mul(a: Value, b: Value): Value {
    return this.#node("Mul", [a, b]);
  }

  div(a: Value, b: Value): Value {
    return this.#node("Div", [a, b]);
  }

  max(a: Value, b: Value): Value {
    return this.#node("Max", [a, b]);
  }

  min(a: Value, b: Value): Value {
    return this.#node("Min", [a, b]);
  }

  matmul(a: Value, b: Value): Value {
    return this.#node("MatMul", [a, b]);
  }

  /** x · weightᵀ + bias for a matrix x. */
  gemm(x: Value, weight: Value, bias?: Value): Value {
    return this.#node("Gemm", bias ? [x, weight, bias] : [x, weight], { transB: { int: 1 } });
  }

  /** x · weight + bias for a matrix x: the weight is stored [inputs, outputs]. */
  gemmUntransposed(x: Value, weight: Value, bias: Value): Value {
    return this.#node("Gemm", [x, weight, bias]);
  }

  /** Images [B, channels, height, width] with filters [outputs, channels, size, size], in steps of `stride`, without padding. */
  convolution(images: Value, filters: Value, stride: number): Value {
    return this.#node("Conv", [images, filters], { strides: { ints: [stride, stride] } });
  }

  /** Sequences [B, channels, S] with filters [outputs, channels / groups, size], `padding` zeros before and after. */
  convolution1d(
    x: Value,
    filters: Value,
    { bias, groups, padding }: { bias: Value; groups: number; padding: number },
  ): Value {
    const attributes = { group: { int: groups }, pads: { ints: [padding, padding] } };
    return this.#node("Conv", [x, filters, bias], attributes);
  }

  /** Rows of `table` along its first axis, or along `axis`. */
  gather(table: Value, indices: Value, axis = 0): Value {
    return this.#node("Gather", [table, indices], { axis: { int: axis } });
  }

  transpose(value: Value, permutation: readonly number[]): Value {
    return this.#node("Transpose", [value], { perm: { ints: permutation } });
  }

  /** `0` keeps a dimension, `-1` is what is left; a shape can also be an int64 vector of the graph. */
  reshape(value: Value, shape: readonly number[] | Value): Value {
    return this.#node("Reshape", [value, "name" in shape ? shape : this.constant("int64", shape)]);
  }

  /** Along the first axis, or along `axis`. */
  concat(values: readonly Value[], axis = 0): Value {
    return this.#node("Concat", values, { axis: { int: axis } });
  }

  /** Cuts `axis` into `parts` equal parts. */
  split(value: Value, { parts, axis }: { parts: number; axis: number }): readonly Value[] {
    const names = Array.from({ length: parts }, (_, i) => `Split_${this.#nodes.length}_${i}`);
    const attributes = { axis: { int: axis }, num_outputs: { int: parts } };
    this.#nodes.push({ operator: "Split", domain: "", inputs: [value.name], outputs: names, attributes });
    return names.map((name) => ({ name }));
  }

  /** Repeats dimensions of size 1 up to `shape`, an int64 vector. */
  expand(value: Value, shape: Value): Value {
    return this.#node("Expand", [value, shape]);
  }

  /** The sizes of all dimensions, int64. */
  shape(value: Value): Value {
    return this.#node("Shape", [value]);
  }

  unsqueeze(value: Value, axes: readonly number[]): Value {
    return this.#node("Unsqueeze", [value, this.constant("int64", axes)]);
  }

  squeeze(value: Value, axes: readonly number[]): Value {
    return this.#node("Squeeze", [value, this.constant("int64", axes)]);
  }

  /** The size of one dimension, as an int64 vector of length 1. */
  dimension(value: Value, axis: number): Value {
    return this.#node("Shape", [value], { start: { int: axis }, end: { int: axis + 1 } });
  }

  /** The first `count` (int64 vector of length 1) rows of `value`. */
  head(value: Value, count: Value): Value {
    return this.#node("Slice", [value, this.constant("int64", [0]), count, this.constant("int64", [0])]);
  }

  /** From `start` to before `end` (int64 vectors of length 1) along `axis`. */
  slice(value: Value, { start, end, axis }: { start: Value; end: Value; axis: number }): Value {
    return this.#node("Slice", [value, start, end, this.constant("int64", [axis])]);
  }

  /** The last `count` (int64 vector of length 1) entries along `axis`. */
  tail(value: Value, count: Value, axis: number): Value {
    const start = this.sub(this.constant("int64", [0]), count);
    const end = this.constant("int64", [2 ** 31 - 1]);
    return this.#node("Slice", [value, start, end, this.constant("int64", [axis])]);
  }

  /** 0, 1, … `limit` − 1, int64; `limit` is an int64 scalar. */
  range(limit: Value): Value {
    return this.#node("Range", [this.constant("int64", [0], []), limit, this.constant("int64", [1], [])]);
  }

  cumulativeSum(value: Value, axis: number): Value {
    return this.#node("CumSum", [value, this.constant("int64", [axis], [])]);
  }

  reduceSum(value: Value, axes: readonly number[]): Value {
    return this.#node("ReduceSum", [value, this.constant("int64", axes)], { keepdims: { int: 1 } });
  }

  reduceMean(value: Value, axes: readonly number[]): Value {
    return this.#node("ReduceMean", [value, this.constant("int64", axes)], { keepdims: { int: 1 } });
  }

  reduceMax(value: Value, axes: readonly number[]): Value {
    return this.#node("ReduceMax", [value, this.constant("int64", axes)], { keepdims: { int: 1 } });
  }

  log(value: Value): Value {
    return this.#node("Log", [value]);
  }

  pow(value: Value, exponent: number): Value {
    return this.#node("Pow", [value, this.scalar(exponent)]);
  }

  sqrt(value: Value): Value {
    return this.#node("Sqrt", [value]);
  }

  cos(value: Value): Value {
    return this.#node("Cos", [value]);
  }

  sin(value: Value): Value {
    return this.#node("Sin", [value]);
  }

  abs(value: Value): Value {
    return this.#node("Abs", [value]);
  }

  lessOrEqual(a: Value, b: Value): Value {
    return this.#node("LessOrEqual", [a, b]);
  }

  and(a: Value, b: Value): Value {
    return this.#node("And", [a, b]);
  }

  /** `a` where `condition` holds, else `b`. */
  where(condition: Value, a: Value, b: Value): Value {
    return this.#node("Where", [condition, a, b]);
  }

  argMax(value: Value, axis: number): Value {
    return this.#node("ArgMax", [value], { axis: { int: axis }, keepdims: { int: 0 } });
  }

  equal(a: Value, b: Value): Value {
    return this.#node("Equal", [a, b]);
  }

  not(value: Value): Value {
    return this.#node("Not", [value]);
  }

  cast(value: Value, type: "float32" | "int32" | "int64"): Value {
    return this.#node("Cast", [value], { to: { int: { float32: 1, int32: 6, int64: 7 }[type] } });
  }

  /** Along the last axis. */
  softmax(value: Value): Value {
    return this.#node("Softmax", [value], { axis: { int: -1 } });
  }

  /** Over the last axis. */
  layerNormalization(
    value: Value,
    scale: Value,
    { bias, epsilon }: { bias?: Value | undefined; epsilon: number },
  ): Value {
    const inputs = bias ? [value, scale, bias] : [value, scale];
    return this.#node("LayerNormalization", inputs, { axis: { int: -1 }, epsilon: { float: epsilon } });
  }

  gelu(value: Value, approximate: "none" | "tanh"): Value {
    return this.#node("Gelu", [value], { approximate: { string: approximate } });
  }

  relu(value: Value): Value {
    return this.#node("Relu", [value]);
  }

  sigmoid(value: Value): Value {
    return this.#node("Sigmoid", [value]);
  }

  tanh(value: Value): Value {
    return this.#node("Tanh", [value]);
  }

  graph(): OnnxGraph {
    return {
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes: this.#nodes,
      constants: this.#constants,
      weights: this.#weights,
    };
  }

  #node(operator: string, inputs: readonly Value[], attributes: Record<string, OnnxAttribute> = {}): Value {
    const name = `${operator}_${this.#nodes.length}`;
    this.#nodes.push({ operator, domain: "", inputs: inputs.map((value) => value.name), outputs: [name], attributes });
    return { name };
  }
}
