/**
 * Layer normalisation over the last axis: y = x̂ γ + β for x̂ = (x − mean) / σ. With g the upstream and h = g γ,
 * dx = (h − mean(h) − x̂ mean(h x̂)) / σ, dγ = Σ g x̂, dβ = Σ g (Ba et al. 2016, https://arxiv.org/abs/1607.06450).
 * The operator gives mean and 1 / σ itself when it is asked: differentiate.ts has their names added to it. Means over the
 * last axis of something times γ are products with the column γ / H.
 */
import { only, type Product } from "../product.ts";

/** The further results of a LayerNormalization that its product uses. */
export function statisticsOf(result: string): { mean: string; inverse: string } {
  return { mean: `${result}.mean`, inverse: `${result}.inverse` };
}

const layerNormalization: Product = (context) => {
  const { out, node, shapeOf } = context;
  const gradient = only(context);
  const [x, scale] = node.inputs;
  const shape = shapeOf(x);
  const { mean, inverse } = statisticsOf(node.outputs[0]);
  const leading = [...shape.keys()].slice(0, -1);
  const normed = out.mul(out.sub(x, mean), inverse);
  const correlated = out.mul(gradient, normed);
  const byInput = () => {
    const column = out.node("Unsqueeze", [
      out.mul(scale, out.scalar(1 / shape[shape.length - 1])),
      out.constant("int64", [1]),
    ]);
    const pulled = out.mul(normed, out.node("MatMul", [correlated, column]));
    const centred = out.sub(out.mul(gradient, scale), out.node("MatMul", [gradient, column]));
    return out.mul(out.sub(centred, pulled), inverse);
  };
  return [
    context.needs(0) ? byInput() : undefined,
    context.needs(1) ? out.sum(correlated, leading, false) : undefined,
    node.inputs.length > 2 && context.needs(2) ? out.sum(gradient, leading, false) : undefined,
  ];
};

export const normalisation: Readonly<Record<string, Product>> = { LayerNormalization: layerNormalization };
