/**
 * Jina's BERT (v2): BERT with ALiBi instead of learned positions and a gated feed-forward. Günther et al. 2023,
 * https://arxiv.org/abs/2310.19923; tensor names of the published code (jinaai/jina-bert-implementation, `modeling_bert.py`), and of
 * its variant that normalises queries and keys (jinaai/jina-bert-v2-qk-post-norm, for code), told apart by their tensors.
 * Both call themselves "bert" in config.json.
 */
import { shown } from "../../errors.ts";
import { alibiBias } from "../alibi.ts";
import { attention, splitHeads } from "../attention.ts";
import { checkSharedHeads, type TransformerConfig } from "../config.ts";
import type { Activation } from "../config-values.ts";
import { embedTypes, embedWords, sumEmbeddings, wordTable } from "../embeddings.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { activate, layerNorm, linear } from "../layers.ts";
import { residualBlocks } from "../residual-blocks.ts";
import type { Architecture } from "./index.ts";

const gates: Readonly<Record<string, Activation>> = { geglu: "gelu", reglu: "relu" };

export const jinaBert: Architecture = {
  modelTypes: ["bert"],
  accepts: (json) => json["position_embedding_type"] === "alibi",
  anchor: wordTable,
  wordEmbeddings: wordTable,
  defaults: { feed_forward_type: "geglu" },
  refuse({ json }) {
    if (json["is_decoder"] === true) return "is_decoder true; only encoders are built";
    const gate = json["feed_forward_type"];
    return Object.hasOwn(gates, String(gate))
      ? undefined
      : `feed_forward_type ${shown(gate)}; geglu and reglu are built`;
  },
  maxPositions: (config) => config.positionRows,
  build(g, inputs, config) {
    checkSharedHeads(config);
    const { hiddenSize: size, layerNormEpsilon: epsilon } = config;
    const embedded = sumEmbeddings(
      g,
      [embedWords(g, inputs.ids, config), embedTypes(g, inputs.typeIds, config)],
      config,
    );
    const norm = (x: Value, name: string) => layerNorm(g, x, { name, size, epsilon });
    const biases = [alibiBias(g, inputs.ids, config.heads), inputs.maskBias];
    const hasHeadNorms = g.has("encoder.layer.0.attention.self.layer_norm_q.weight");
    return residualBlocks(g, embedded, {
      ...config,
      attend(tokens, i, shape) {
        const name = `encoder.layer.${i}.attention`;
        const project = (part: "query" | "key" | "value") => {
          const projected = linear(g, tokens, { name: `${name}.self.${part}`, inputs: size, outputs: size });
          const isNormed = hasHeadNorms && part !== "value";
          const x = isNormed ? norm(projected, `${name}.self.layer_norm_${part[0]}`) : projected;
          return splitHeads(g, g.reshape(x, shape), { heads: config.heads, size: config.headSize });
        };
        const parts = { q: project("query"), k: project("key"), v: project("value") };
        const { context, probabilities } = attention(g, parts, { scale: 1 / Math.sqrt(config.headSize), biases });
        const output = { name: `${name}.output.dense`, inputs: size, outputs: size };
        const added = linear(g, g.reshape(context, [-1, size]), output);
        // The variant adds the tokens twice, with a normalisation between.
        return { added: hasHeadNorms ? norm(g.add(added, tokens), `${name}.output.LayerNorm`) : added, probabilities };
      },
      feedForward: (tokens, i) => gatedLinear(g, tokens, { config, name: `encoder.layer.${i}.mlp`, hasHeadNorms }),
      afterPart(tokens, i, part) {
        const last = hasHeadNorms ? "layer_norm_2" : "mlp.layernorm";
        const first = hasHeadNorms ? "layer_norm_1" : "attention.output.LayerNorm";
        return norm(tokens, `encoder.layer.${i}.${part === "attention" ? first : last}`);
      },
    });
  },
};

/** The first half of the wide layer is active, in the variant the second. */
function gatedLinear(
  g: GraphBuilder,
  tokens: Value,
  { config, name, hasHeadNorms }: { config: TransformerConfig; name: string; hasHeadNorms: boolean },
): Value {
  const { hiddenSize, intermediateSize } = config;
  const [wide, narrow] = hasHeadNorms ? ["up_gated_layer", "down_layer"] : ["gated_layers", "wo"];
  const halves = linear(g, tokens, {
    ...{ name: `${name}.${wide}`, inputs: hiddenSize, outputs: 2 * intermediateSize, bias: false },
  });
  const [first, second] = g.split(halves, { parts: 2, axis: 1 });
  const [active, other] = hasHeadNorms ? [second, first] : [first, second];
  const gated = g.mul(activate(g, active, gates[String(config.json["feed_forward_type"])]), other);
  return linear(g, gated, { name: `${name}.${narrow}`, inputs: intermediateSize, outputs: hiddenSize });
}
