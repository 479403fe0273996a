/**
 * Sequence classification and regression: for a text, or a pair of texts, one logit a label.
 * What stands for the text differs by family: BERT's pooler, RoBERTa's dense layer in the head, ModernBERT's pooling, a decoder's last token.
 * Tensors of transformers' `…ForSequenceClassification`.
 */
import { SemspaceError, shown } from "../../errors.ts";
import { type Activation, activationOf } from "../config-values.ts";
import { meanOverTokens } from "../encoder-graph.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { activate, linear } from "../layers.ts";
import { firstToken, type Head, type HeadContext } from "./head.ts";
import { labelsOf } from "./labels.ts";
import { modernBertHead } from "./masked-language-model.ts";

/** A dense layer and an activation on the first token, then the classifier: the tensors of one family. */
interface Layout {
  readonly dense: string;
  readonly activation: Activation;
  readonly classifier: string;
}

const bert: Layout = { dense: "pooler.dense", activation: "tanh", classifier: "classifier" };
const roberta: Layout = { dense: "classifier.dense", activation: "tanh", classifier: "classifier.out_proj" };
const layouts: Readonly<Record<string, Layout>> = {
  bert,
  new: bert,
  albert: { ...bert, dense: "pooler" },
  roberta,
  camembert: roberta,
  "xlm-roberta": roberta,
  mpnet: roberta,
  electra: { ...roberta, activation: "gelu" },
  distilbert: { dense: "pre_classifier", activation: "relu", classifier: "classifier" },
  deberta: bert,
  "deberta-v2": bert,
};

/** Gives [B, labels]. Throws `unsupported` for an encoder whose classifier is not known. */
export const sequenceClassification: Head = (g, context) => {
  const { architecture, config } = context;
  const outputs = labelsOf(config).length;
  const size = config.hiddenSize;
  const shape = ["rows", outputs];
  if (architecture.causal) {
    return { value: g.gemm(lastToken(g, context), g.weight("score.weight", [outputs, size])), shape };
  }
  if (config.modelType === "modernbert") {
    const features = modernBertHead(g, modernBertPooling(g, context), context);
    return { value: linear(g, features, { name: "classifier", inputs: size, outputs }), shape };
  }
  const layout = Object.hasOwn(layouts, config.modelType) ? layouts[config.modelType] : undefined;
  if (!layout) {
    throw new SemspaceError(
      "unsupported",
      `${config.source}: no classifier is known for model_type ${shown(config.modelType)}. Known: ${Object.keys(layouts).join(", ")}, modernbert, decoders.`,
    );
  }
  const wide = linear(g, firstToken(g, context), { name: layout.dense, inputs: size, outputs: size });
  // DeBERTa's pooler has an activation of its own, "gelu" where the file says nothing.
  const activation = config.modelType.startsWith("deberta")
    ? activationOf(config, "pooler_hidden_act")
    : layout.activation;
  return { value: linear(g, activate(g, wide, activation), { name: layout.classifier, inputs: size, outputs }), shape };
};

/** The last token that is none of padding, [B, H]. As transformers finds it: by the id, not by the mask. */
function lastToken(g: GraphBuilder, { config, ids, states }: HeadContext): Value {
  const isToken = g.cast(g.not(g.equal(ids, g.constant("int32", [config.padTokenId], []))), "int64");
  const columns = g.unsqueeze(g.range(g.squeeze(g.dimension(ids, 1), [0])), [0]);
  const last = g.argMax(g.mul(isToken, columns), 1);
  const rows = g.range(g.squeeze(g.dimension(ids, 0), [0]));
  const flat = g.reshape(states.hidden, [-1, config.hiddenSize]);
  return g.gather(flat, g.add(g.mul(rows, g.dimension(ids, 1)), last));
}

/** ModernBERT: the first token, or the mean over tokens (`classifier_pooling`). */
function modernBertPooling(g: GraphBuilder, context: HeadContext): Value {
  const { config, states } = context;
  const pooling = config.json["classifier_pooling"] ?? "cls";
  if (pooling === "cls") return firstToken(g, context);
  if (pooling !== "mean") {
    throw new SemspaceError(
      "unsupported",
      `${config.source}: unknown classifier_pooling ${shown(pooling)}. Known: cls, mean.`,
    );
  }
  return meanOverTokens(g, states.hidden, context.attentionMask);
}
