/**
 * Appends plain ONNX operators by the names of values, for what stands beside a finished graph: its reverse pass, losses, adapters.
 * `GraphBuilder` draws architectures; this one has no say in how an architecture looks, and its names do not meet those of the graph.
 */
import type { ConstantTensor, OnnxAttribute, OnnxNode } from "../../formats/onnx-writer.ts";

export class NodeWriter {
  readonly nodes: OnnxNode[] = [];
  readonly constants: Map<string, ConstantTensor> = new Map<string, ConstantTensor>();
  readonly #prefix: string;
  #count = 0;

  /** @param prefix stands before every name that is made here. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** One operator with one result, whose name comes back. */
  node(operator: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}): string {
    const name = this.#name(operator);
    this.nodes.push({ operator, domain: "", inputs, outputs: [name], attributes });
    return name;
  }

  /** One operator with `count` results. */
  several(
    operator: string,
    inputs: readonly string[],
    { count, attributes = {} }: { count: number; attributes?: Record<string, OnnxAttribute> },
  ): readonly string[] {
    const base = this.#name(operator);
    const outputs = Array.from({ length: count }, (_, i) => `${base}.${i}`);
    this.nodes.push({ operator, domain: "", inputs, outputs, attributes });
    return outputs;
  }

  constant(
    type: ConstantTensor["type"],
    values: readonly number[],
    shape: readonly number[] = [values.length],
  ): string {
    const name =
      values.length > 8 ? this.#name("constant") : `${this.#prefix}${type}_${shape.join("x")}_${values.join("_")}`;
    this.constants.set(name, { type, shape, values });
    return name;
  }

  scalar(value: number): string {
    return this.constant("float32", [value], []);
  }

  /** All sizes of a value, int64. */
  shape(value: string): string {
    return this.node("Shape", [value]);
  }

  /** One size of a value, an int64 vector of length 1. */
  size(value: string, axis: number): string {
    return this.node("Shape", [value], { start: { int: axis }, ...(axis === -1 ? {} : { end: { int: axis + 1 } }) });
  }

  /** `value` in the shape of `like`, which has as many values. */
  reshapeLike(value: string, like: string): string {
    return this.node("Reshape", [value, this.shape(like)]);
  }

  /** Zeros of the shape of `like`. */
  zerosLike(like: string): string {
    return this.node("Expand", [this.scalar(0), this.shape(like)]);
  }

  /** Sums over axes, which stay with size 1 unless `keep` is false. */
  sum(value: string, axes: readonly number[], keep = true): string {
    return this.node("ReduceSum", [value, this.constant("int64", axes)], { keepdims: { int: keep ? 1 : 0 } });
  }

  add(a: string, b: string): string {
    return this.node("Add", [a, b]);
  }

  sub(a: string, b: string): string {
    return this.node("Sub", [a, b]);
  }

  mul(a: string, b: string): string {
    return this.node("Mul", [a, b]);
  }

  div(a: string, b: string): string {
    return this.node("Div", [a, b]);
  }

  #name(operator: string): string {
    this.#count += 1;
    return `${this.#prefix}${operator}_${this.#count}`;
  }
}
