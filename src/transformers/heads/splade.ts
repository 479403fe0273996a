/**
 * SPLADE: one weight for every entry of the vocabulary, the strongest that any token of the text gives it (or their sum):
 * log(1 + relu(logit)), once more logarithmic for OpenSearch's models.
 * Formal et al. 2021, https://arxiv.org/abs/2109.10086; sentence-transformers 6.2, `SpladePooling`. The order differs where the result
 * does not: the maximum is taken before the logarithm, which is monotonic.
 */
import type { GraphBuilder, Value } from "../graph.ts";
import { allTokens, type Head } from "./head.ts";
import { vocabularyLogits } from "./masked-language-model.ts";

export const spladePoolings = ["max", "sum"] as const;
export const spladeActivations = ["relu", "log1p_relu"] as const;

export interface SpladeOptions {
  readonly pooling: (typeof spladePoolings)[number];
  readonly activation: (typeof spladeActivations)[number];
}

/** Weights of the vocabulary, [B, V]; most are 0. */
export function splade({ pooling, activation }: SpladeOptions): Head {
  return (g, context) => {
    const { vocabularySize } = context.config;
    const flat = vocabularyLogits(g, allTokens(g, context), context);
    const logits = g.reshape(flat, g.concat([g.shape(context.ids), g.constant("int64", [vocabularySize])]));
    const mask = g.cast(g.unsqueeze(context.attentionMask, [2]), "float32");
    const positive = g.relu(g.mul(logits, mask));
    const value =
      pooling === "max"
        ? dampened(g, g.reduceMax(positive, [1]), activation)
        : g.reduceSum(dampened(g, positive, activation), [1]);
    return { value: g.squeeze(value, [1]), shape: ["rows", vocabularySize] };
  };
}

function dampened(g: GraphBuilder, x: Value, activation: SpladeOptions["activation"]): Value {
  const once = g.log(g.add(x, g.scalar(1)));
  return activation === "relu" ? once : g.log(g.add(once, g.scalar(1)));
}
