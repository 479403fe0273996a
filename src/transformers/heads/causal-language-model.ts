/** Causal language model: one logit for every entry of the vocabulary as the token that comes next. Tensors of transformers' `…ForCausalLM`. */
import { positiveOf } from "../config-values.ts";
import type { Head } from "./head.ts";
import { vocabularyTable } from "./masked-language-model.ts";

/** Logits of what follows the last column, [B, V]. The rows are padded at their start, so that the last column is a token of each. */
export const nextToken: Head = (g, context) => {
  const { config, states } = context;
  const last = g.squeeze(g.gather(states.hidden, g.constant("int64", [-1]), 1), [1]);
  const table = vocabularyTable(g, "lm_head.weight", { ...context, size: config.hiddenSize });
  const logits = g.gemm(last, table);
  const shape = ["rows", config.vocabularySize];
  // Gemma's: large logits are bent towards a limit.
  if ((config.json["final_logit_softcapping"] ?? null) === null) return { value: logits, shape };
  const limit = g.scalar(positiveOf(config, "final_logit_softcapping"));
  return { value: g.mul(g.tanh(g.div(logits, limit)), limit), shape };
};
