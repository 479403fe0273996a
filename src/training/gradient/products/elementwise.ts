/** Functions of single values: d f(x) = f'(x) · upstream. */
import { only, type Product, type ProductContext } from "../product.ts";

/** `slope` gives f'(x) from x and y = f(x). */
function elementwise(slope: (context: ProductContext, x: string, y: string) => string): Product {
  return (context) => {
    const { out, node } = context;
    return [out.mul(only(context), slope(context, node.inputs[0], node.outputs[0]))];
  };
}

const unchanged: Product = (context) => [only(context)];

/**
 * x · Φ(x) for the standard normal distribution: Φ(x) + x · φ(x).
 * With "tanh" Φ is approximated by (1 + tanh u) / 2 for u = √(2/π) (x + 0.044715 x³). Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415
 */
const gelu: Product = (context) => {
  const { out, node } = context;
  const approximate = node.attributes["approximate"];
  const isTanh = approximate !== undefined && "string" in approximate && approximate.string === "tanh";
  const slope = isTanh ? tanhGeluSlope(context) : geluSlope(context);
  return [out.mul(only(context), slope)];
};

function geluSlope({ out, node }: ProductContext): string {
  const x = node.inputs[0];
  const erf = out.node("Erf", [out.mul(x, out.scalar(Math.SQRT1_2))]);
  const distribution = out.add(out.mul(erf, out.scalar(0.5)), out.scalar(0.5));
  const density = out.node("Exp", [out.mul(out.mul(x, x), out.scalar(-0.5))]);
  const weighted = out.mul(out.mul(x, out.scalar(1 / Math.sqrt(2 * Math.PI))), density);
  return out.add(distribution, weighted);
}

function tanhGeluSlope({ out, node }: ProductContext): string {
  const x = node.inputs[0];
  const root = Math.sqrt(2 / Math.PI);
  const square = out.mul(x, x);
  const inner = out.mul(x, out.add(out.mul(square, out.scalar(root * 0.044715)), out.scalar(root)));
  const t = out.node("Tanh", [inner]);
  const outer = out.add(out.mul(t, out.scalar(0.5)), out.scalar(0.5));
  const innerSlope = out.add(out.mul(square, out.scalar(3 * root * 0.044715)), out.scalar(root));
  const tSlope = out.sub(out.scalar(1), out.mul(t, t));
  const weighted = out.mul(out.mul(out.mul(x, out.scalar(0.5)), tSlope), innerSlope);
  return out.add(outer, weighted);
}

const relu: Product = (context) => {
  const { out, node } = context;
  const zero = out.scalar(0);
  return [out.node("Where", [out.node("Greater", [node.outputs[0], zero]), only(context), zero])];
};

export const elementwiseProducts: Readonly<Record<string, Product>> = {
  Identity: unchanged,
  // Between floats; a cast to whole numbers has no derivative (differentiate.ts).
  Cast: unchanged,
  Log: (context) => [context.out.div(only(context), context.node.inputs[0])],
  Sqrt: (context) => {
    const { out, node } = context;
    return [out.div(out.mul(only(context), out.scalar(0.5)), node.outputs[0])];
  },
  Cos: elementwise(({ out }, x) => out.node("Neg", [out.node("Sin", [x])])),
  Sin: elementwise(({ out }, x) => out.node("Cos", [x])),
  Abs: elementwise(({ out }, x) => out.node("Sign", [x])),
  Tanh: elementwise(({ out }, _x, y) => out.sub(out.scalar(1), out.mul(y, y))),
  Sigmoid: elementwise(({ out }, _x, y) => out.mul(y, out.sub(out.scalar(1), y))),
  Relu: relu,
  Gelu: gelu,
};
