/** Logits of the vocabulary for chosen tokens: of a masked language model, and of a causal one for what follows each token. */
import type { SessionTensor } from "../../transformers/session.ts";
import { allTokens } from "../../transformers/heads/head.ts";
import { logitsOutput } from "../../transformers/heads/head-graph.ts";
import { tokenFiller, vocabularyTable } from "../../transformers/heads/masked-language-model.ts";
import type { DrawnEncoder } from "./draw.ts";

const positionsInput = "token_positions";

/** Logits of the tokens that a further input names, as row · columns + column. */
export function drawTokenLogits(encoder: DrawnEncoder): void {
  const { g, architecture, config } = encoder;
  if (!architecture.causal) {
    const { value, shape } = tokenFiller(g, encoder);
    g.output(logitsOutput, value, shape);
    return;
  }
  const positions = g.input(positionsInput, "int64", ["tokens"]);
  const chosen = g.gather(allTokens(g, encoder), positions);
  const table = vocabularyTable(g, "lm_head.weight", { ...encoder, size: config.hiddenSize });
  g.output(logitsOutput, g.gemm(chosen, table), ["tokens", config.vocabularySize]);
}

export function positionFeed(positions: ArrayLike<number>): Record<string, SessionTensor> {
  const data = BigInt64Array.from(Array.from(positions), BigInt);
  return { [positionsInput]: { type: "int64", data, shape: [positions.length] } };
}
