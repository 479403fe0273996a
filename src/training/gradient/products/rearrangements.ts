/** Operators that move values and compute nothing: the derivative goes back to where the value came from. */
import { axisIn, intOf, intsOf, only, type Product, type ProductContext, refuseProduct, sumTo } from "../product.ts";

const asInput: Product = (context) => [context.out.reshapeLike(only(context), context.node.inputs[0])];

const transpose: Product = (context) => {
  const permutation = intsOf(context.node, "perm");
  if (!permutation) throw refuseProduct(context.node, "names no permutation");
  const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
  return [context.out.node("Transpose", [only(context)], { perm: { ints: inverse } })];
};

const expand: Product = (context) => {
  const { node } = context;
  return [sumTo(context, only(context), { from: node.outputs[0], to: node.inputs[0] })];
};

const concat: Product = (context) => {
  const { out, node, shapeOf } = context;
  const axis = axisIn(shapeOf(node.outputs[0]), intOf(node, "axis", 0));
  const sizes = out.node(
    "Concat",
    node.inputs.map((input) => out.size(input, axis)),
    { axis: { int: 0 } },
  );
  const attributes = { axis: { int: axis } };
  return out.several("Split", [only(context), sizes], { count: node.inputs.length, attributes });
};

const split: Product = (context) => {
  const { out, node, upstream, shapeOf } = context;
  const axis = axisIn(shapeOf(node.inputs[0]), intOf(node, "axis", 0));
  const parts = node.outputs.map((output, i) => upstream[i] ?? out.zerosLike(output));
  return [out.node("Concat", parts, { axis: { int: axis } })];
};

/** Zeros before and after what was cut out of one axis, in steps of 1. */
const slice: Product = (context) => {
  const { out, node, constantOf } = context;
  const [x, starts, , axes] = node.inputs;
  const named = axes === undefined ? undefined : constantOf(axes)?.values;
  if (named?.length !== 1 || node.inputs.length > 4) throw refuseProduct(node, "cuts several axes or skips values");
  const axis = named[0];
  const size = out.size(x, axis);
  const zero = out.constant("int64", [0]);
  const fromEnd = out.node("Where", [out.node("Less", [starts, zero]), size, zero]);
  const before = out.node("Min", [out.node("Max", [out.add(starts, fromEnd), zero]), size]);
  const after = out.sub(out.sub(size, before), out.size(node.outputs[0], axis));
  const pads = out.node("Concat", [before, after], { axis: { int: 0 } });
  return [out.node("Pad", [only(context), pads, out.scalar(0), axes])];
};

/**
 * Rows of a value that is no table of parameters (those stay rows: differentiate.ts). One row: the derivative times an indicator.
 * Several: ScatterElements, which adds one after the other; ScatterND races (microsoft/onnxruntime#18048).
 */
const gather: Product = (context) => {
  const { out, node, shapeOf } = context;
  const [x, indices] = node.inputs;
  const shape = shapeOf(x);
  const axis = axisIn(shape, intOf(node, "axis", 0));
  const rank = shapeOf(indices).length;
  if (rank === 0) return [toOneRow(context, { x, index: indices, axis, rank: shape.length })];
  if (rank > 1 && axis !== 0) throw refuseProduct(node, "takes several indices along an axis that is not the first");
  const list = rank === 1 ? indices : out.node("Reshape", [indices, out.constant("int64", [-1])]);
  const rowShape = out.node("Shape", [x], { start: { int: 1 } });
  const gradient =
    rank === 1
      ? only(context)
      : out.node("Reshape", [
          only(context),
          out.node("Concat", [out.constant("int64", [-1]), rowShape], { axis: { int: 0 } }),
        ]);
  const others = [...shape.keys()].filter((other) => other !== axis);
  const column = others.length === 0 ? list : out.node("Unsqueeze", [list, out.constant("int64", others)]);
  const places = out.node("Expand", [column, out.shape(gradient)]);
  const attributes = { axis: { int: axis }, reduction: { string: "add" } };
  return [out.node("ScatterElements", [out.zerosLike(x), places, gradient], attributes)];
};

function toOneRow(
  context: ProductContext,
  { x, index, axis, rank }: { x: string; index: string; axis: number; rank: number },
): string {
  const { out } = context;
  const scalar = (value: number) => out.constant("int64", [value], []);
  const size = out.node("Squeeze", [out.size(x, axis), out.constant("int64", [0])]);
  const wide = out.node("Cast", [index], { to: { int: 7 } });
  const place = out.node("Where", [out.node("Less", [wide, scalar(0)]), out.add(wide, size), wide]);
  const isPlace = out.node("Equal", [out.node("Range", [scalar(0), size, scalar(1)]), place]);
  const shape = Array.from({ length: rank }, (_, i) => (i === axis ? -1 : 1));
  const indicator = out.node("Reshape", [
    out.node("Cast", [isPlace], { to: { int: 1 } }),
    out.constant("int64", shape),
  ]);
  return out.mul(out.node("Unsqueeze", [only(context), out.constant("int64", [axis])]), indicator);
}

export const rearrangements: Readonly<Record<string, Product>> = {
  Reshape: asInput,
  Squeeze: asInput,
  Unsqueeze: asInput,
  Transpose: transpose,
  Expand: expand,
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
};
