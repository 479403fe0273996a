/** Operators of two values that are repeated to a common shape: sums, products, quotients, the larger and the smaller. */
import { only, type Product, type ProductContext, refuseProduct, sumTo } from "../product.ts";

/** Sends what a product gives for each input back to the input's own shape. */
function repeated(gradients: (context: ProductContext) => readonly [() => string, () => string]): Product {
  return (context) => {
    const { node } = context;
    return gradients(context).map((gradient, i) =>
      context.needs(i) ? sumTo(context, gradient(), { from: node.outputs[0], to: node.inputs[i] }) : undefined,
    );
  };
}

const add = repeated((context) => [() => only(context), () => only(context)]);

const sub = repeated((context) => [() => only(context), () => context.out.node("Neg", [only(context)])]);

const mul = repeated((context) => {
  const { out, node } = context;
  const [a, b] = node.inputs;
  return [() => out.mul(only(context), b), () => out.mul(only(context), a)];
});

const div = repeated((context) => {
  const { out, node } = context;
  const b = node.inputs[1];
  const byFirst = () => out.div(only(context), b);
  return [byFirst, () => out.node("Neg", [out.mul(byFirst(), node.outputs[0])])];
});

/** Where both are equal, each gets half, as in torch. */
function extreme(comparison: "Greater" | "Less"): Product {
  return repeated((context) => {
    const { out, node } = context;
    const share = (mine: string, other: string) => {
      const wins = out.node("Cast", [out.node(comparison, [mine, other])], { to: { int: 1 } });
      const ties = out.node("Cast", [out.node("Equal", [mine, other])], { to: { int: 1 } });
      return out.mul(only(context), out.add(wins, out.mul(ties, out.scalar(0.5))));
    };
    const [a, b] = node.inputs;
    return [() => share(a, b), () => share(b, a)];
  });
}

/** Powers with an exponent that is a number of the graph. */
const pow: Product = (context) => {
  const { out, node } = context;
  const exponent = context.constantOf(node.inputs[1])?.values;
  if (exponent?.length !== 1) throw refuseProduct(node, "has an exponent that is no constant");
  const x = node.inputs[0];
  const lower = exponent[0] === 2 ? x : out.node("Pow", [x, out.scalar(exponent[0] - 1)]);
  return [out.mul(only(context), out.mul(lower, out.scalar(exponent[0])))];
};

/** By its first input, the condition, nothing. */
const where: Product = (context) => {
  const { out, node } = context;
  const [condition] = node.inputs;
  const zero = out.scalar(0);
  const chosen = [
    () => out.node("Where", [condition, only(context), zero]),
    () => out.node("Where", [condition, zero, only(context)]),
  ];
  const byEach = chosen.map((gradient, i) =>
    context.needs(i + 1) ? sumTo(context, gradient(), { from: node.outputs[0], to: node.inputs[i + 1] }) : undefined,
  );
  return [undefined, ...byEach];
};

export const arithmetic: Readonly<Record<string, Product>> = {
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  Max: extreme("Greater"),
  Min: extreme("Less"),
  Pow: pow,
  Where: where,
};
