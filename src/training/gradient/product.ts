/**
 * What a vector-Jacobian product is: for one operator, from the derivatives of its results those of its inputs, as further operators.
 * Products know sizes only from a sample (sample-shapes.ts): which axes an operator repeated is the same for every batch.
 */
import { SemspaceError } from "../../errors.ts";
import type { ConstantTensor, OnnxNode } from "../../formats/onnx-writer.ts";
import type { NodeWriter } from "./node-writer.ts";

export interface ProductContext {
  /** Where the operators of the reverse pass go. */
  readonly out: NodeWriter;
  readonly node: OnnxNode;
  /** The derivative by each result; undefined is zero. At least one is there. */
  readonly upstream: readonly (string | undefined)[];
  /** Whether the derivative by input `i` is wanted. */
  readonly needs: (i: number) => boolean;
  /** Sizes of a value in a sample run, in which no size that can change is 1. */
  readonly shapeOf: (value: string) => readonly number[];
  /** A constant of the graph. */
  readonly constantOf: (value: string) => ConstantTensor | undefined;
}

/** Gives the derivative by each input; undefined where it is not wanted or zero. */
export type Product = (context: ProductContext) => readonly (string | undefined)[];

/** The only result's derivative. */
export function only({ upstream }: ProductContext): string {
  return upstream[0]!;
}

/** Sums a derivative of the shape of `from` over the axes along which an operator repeated `to`. */
export function sumTo(
  { out, shapeOf }: ProductContext,
  gradient: string,
  { from, to }: { from: string; to: string },
): string {
  const [big, small] = [shapeOf(from), shapeOf(to)];
  const more = big.length - small.length;
  const axes = [...big.keys()].filter((axis) => axis < more || (small[axis - more] === 1 && big[axis] !== 1));
  const summed = axes.length === 0 ? gradient : out.sum(gradient, axes);
  if (more === 0) return summed;
  return out.node("Squeeze", [
    summed,
    out.constant(
      "int64",
      Array.from({ length: more }, (_, axis) => axis),
    ),
  ]);
}

/** An attribute that is a whole number. */
export function intOf({ attributes }: OnnxNode, name: string, fallback: number): number {
  const value = attributes[name];
  return value && "int" in value ? value.int : fallback;
}

/** An attribute that is a list of whole numbers. */
export function intsOf({ attributes }: OnnxNode, name: string): readonly number[] | undefined {
  const value = attributes[name];
  return value && "ints" in value ? value.ints : undefined;
}

/** The axis that an attribute or a constant names, counted from 0. */
export function axisIn(shape: readonly number[], axis: number): number {
  return axis < 0 ? axis + shape.length : axis;
}

/** Says that the product of an operator covers less than the operator. */
export function refuseProduct({ operator }: OnnxNode, what: string): SemspaceError {
  return new SemspaceError(
    "unsupported",
    `The operator ${operator} ${what}, of which no derivative is known here. Train the layers after it, or write its product in src/training/gradient/products.`,
  );
}
