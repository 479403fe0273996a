/** Sums, means and maxima over axes, and running sums. */
import { axisIn, intOf, only, type Product, type ProductContext, refuseProduct } from "../product.ts";

/** The constant axes of a reduction, counted from 0. Axes that do not stay with size 1 are never written here. */
function reducedAxes({ node, constantOf, shapeOf }: ProductContext): number[] {
  const axes = constantOf(node.inputs[1])?.values;
  if (!axes || intOf(node, "keepdims", 1) !== 1)
    throw refuseProduct(node, "has axes that are no constant or that vanish");
  return axes.map((axis) => axisIn(shapeOf(node.inputs[0]), axis));
}

const reduceSum: Product = (context) => {
  const { out, node } = context;
  reducedAxes(context);
  return [out.node("Expand", [only(context), out.shape(node.inputs[0])])];
};

const reduceMean: Product = (context) => {
  const { out, node } = context;
  const sizes = reducedAxes(context).map((axis) => out.size(node.inputs[0], axis));
  const count = sizes.reduce((product, size) => out.mul(product, size));
  const share = out.div(only(context), out.node("Cast", [count], { to: { int: 1 } }));
  return [out.node("Expand", [share, out.shape(node.inputs[0])])];
};

/** Several values that are the maximum share it equally, as torch's amax. */
const reduceMax: Product = (context) => {
  const { out, node } = context;
  const axes = reducedAxes(context);
  const wins = out.node("Cast", [out.node("Equal", [node.inputs[0], node.outputs[0]])], { to: { int: 1 } });
  return [out.mul(wins, out.div(only(context), out.sum(wins, axes)))];
};

const cumulativeSum: Product = (context) => {
  const { out, node } = context;
  if (node.attributes["reverse"] || node.attributes["exclusive"])
    throw refuseProduct(node, "runs backwards or leaves its own value out");
  return [out.node("CumSum", [only(context), node.inputs[1]], { reverse: { int: 1 } })];
};

export const reductions: Readonly<Record<string, Product>> = {
  ReduceSum: reduceSum,
  ReduceMean: reduceMean,
  ReduceMax: reduceMax,
  CumSum: cumulativeSum,
};
