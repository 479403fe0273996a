/** Products of matrices, and convolutions. */
import { axisIn, intOf, intsOf, only, type Product, type ProductContext, refuseProduct, sumTo } from "../product.ts";

const transpose = { int: 1 };

/** y = x W + b, or x Wᵀ + b with transB. The other attributes are never written here. */
const gemm: Product = (context) => {
  const { out, node } = context;
  const gradient = only(context);
  const [x, weight] = node.inputs;
  if (node.attributes["transA"] || node.attributes["alpha"] || node.attributes["beta"])
    throw refuseProduct(node, "has transA, alpha or beta");
  const isTransposed = intOf(node, "transB", 0) === 1;
  return [
    context.needs(0) ? out.node("Gemm", [gradient, weight], isTransposed ? {} : { transB: transpose }) : undefined,
    context.needs(1)
      ? out.node("Gemm", isTransposed ? [gradient, x] : [x, gradient], { transA: transpose })
      : undefined,
    node.inputs.length > 2 && context.needs(2)
      ? sumTo(context, gradient, { from: node.outputs[0], to: node.inputs[2] })
      : undefined,
  ];
};

/** Over the last two axes; those before are repeated to a common shape. ONNX Runtime folds the transpositions into the products. */
const matmul: Product = (context) => {
  const { out, node, shapeOf } = context;
  const gradient = only(context);
  const [a, b] = node.inputs;
  const ranks = [shapeOf(a).length, shapeOf(b).length];
  if (ranks.some((rank) => rank < 2)) throw refuseProduct(node, "multiplies a vector");
  const turned = (value: string, rank: number) => out.node("Transpose", [value], { perm: { ints: swapped(rank) } });
  return [
    context.needs(0)
      ? sumBatch(context, out.node("MatMul", [gradient, turned(b, ranks[1])]), { to: a, other: b })
      : undefined,
    context.needs(1)
      ? sumBatch(context, out.node("MatMul", [turned(a, ranks[0]), gradient]), { to: b, other: a })
      : undefined,
  ];
};

function swapped(rank: number): number[] {
  return [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];
}

/** As {@link sumTo}, for a product of matrices: its leading axes are those of both operands together. */
function sumBatch(context: ProductContext, gradient: string, { to, other }: { to: string; other: string }): string {
  const { out, shapeOf } = context;
  const [small, large] = [shapeOf(to).slice(0, -2), shapeOf(other).slice(0, -2)];
  const rank = Math.max(small.length, large.length);
  const more = rank - small.length;
  const sizeIn = (shape: readonly number[], axis: number) => shape[axis - rank + shape.length] ?? 1;
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter(
    (axis) => axis < more || (sizeIn(small, axis) === 1 && sizeIn(large, axis) !== 1),
  );
  const summed = axes.length === 0 ? gradient : out.sum(gradient, axes);
  return more === 0
    ? summed
    : out.node("Squeeze", [
        summed,
        out.constant(
          "int64",
          Array.from({ length: more }, (_, axis) => axis),
        ),
      ]);
}

const softmax: Product = (context) => {
  const { out, node, shapeOf } = context;
  const y = node.outputs[0];
  const axis = axisIn(shapeOf(y), intOf(node, "axis", -1));
  const weighted = out.mul(only(context), y);
  return [out.sub(weighted, out.mul(y, out.sum(weighted, [axis])))];
};

/**
 * Convolution in steps of `strides`, in one group. By the images it is the transposed convolution of the derivative; by the filters a convolution
 * of images and derivative, where rows of the batch and channels change places and the steps become gaps between the filter's places.
 */
const convolution: Product = (context) => {
  const { out, node, shapeOf } = context;
  if (intOf(node, "group", 1) !== 1) throw refuseProduct(node, "has several groups");
  const gradient = only(context);
  const [images, filters] = node.inputs;
  const dimensions = shapeOf(images).length - 2;
  const strides = intsOf(node, "strides") ?? Array<number>(dimensions).fill(1);
  const pads = intsOf(node, "pads") ?? Array<number>(2 * dimensions).fill(0);
  const exchange = [1, 0, ...Array.from({ length: dimensions }, (_, i) => i + 2)];
  const exchanged = (value: string) => out.node("Transpose", [value], { perm: { ints: exchange } });
  const common = { pads: { ints: pads } };
  const byFilters = () => {
    const whole = out.node("Conv", [exchanged(images), exchanged(gradient)], {
      ...common,
      dilations: { ints: strides },
    });
    const sizes = shapeOf(filters).slice(2);
    const axes = sizes.map((_, i) => i + 2);
    const inputs = [axes.map(() => 0), sizes, axes].map((values) => out.constant("int64", values));
    return exchanged(out.node("Slice", [whole, ...inputs]));
  };
  return [
    context.needs(0) ? byImages(context, { strides, pads, dimensions }) : undefined,
    context.needs(1) ? byFilters() : undefined,
    node.inputs.length > 2 && context.needs(2)
      ? out.sum(gradient, [0, ...Array.from({ length: dimensions }, (_, i) => i + 2)], false)
      : undefined,
  ];
};

/** What steps left over at the end of the images gets zeros. */
function byImages(
  context: ProductContext,
  { strides, pads, dimensions }: { strides: readonly number[]; pads: readonly number[]; dimensions: number },
): string {
  const { out, node } = context;
  const [images, filters] = node.inputs;
  const attributes = { strides: { ints: strides }, pads: { ints: pads } };
  const covered = out.node("ConvTranspose", [only(context), filters], attributes);
  const missing = out.sub(out.shape(images), out.shape(covered));
  const before = out.constant("int64", Array<number>(dimensions + 2).fill(0));
  return out.node("Pad", [covered, out.node("Concat", [before, missing], { axis: { int: 0 } })]);
}

export const linearAlgebra: Readonly<Record<string, Product>> = {
  Gemm: gemm,
  MatMul: matmul,
  Softmax: softmax,
  Conv: convolution,
};
