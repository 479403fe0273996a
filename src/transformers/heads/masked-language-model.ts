/**
 * Masked language model: for a token, one logit for every entry of the vocabulary.
 * A dense layer, an activation and a normalisation, then the embedding table once more (most checkpoints tie the two).
 * Devlin et al. 2019, https://arxiv.org/abs/1810.04805; tensors of transformers' `…ForMaskedLM`. A table of its own in the
 * checkpoint is used in preference to the embeddings, as transformers 5 does.
 */
import { SemspaceError, shown } from "../../errors.ts";
import { type Activation, activationOf, flagOf, wholeNumberOf } from "../config-values.ts";
import type { TransformerConfig } from "../config.ts";
import type { GraphBuilder, Value } from "../graph.ts";
import { activate } from "../layers.ts";
import { allTokens, type Head, type HeadContext } from "./head.ts";

/** The tensors of one family's head and what it does with them. */
interface Layout {
  readonly dense: string;
  readonly norm: string;
  /** A table in place of the embeddings. */
  readonly decoder: string;
  /** The bias of the vocabulary, under its names; the first that is there. */
  readonly biases: readonly string[];
  /** "own": the encoder's. */
  readonly activation: "own" | Activation;
  readonly epsilon?: number;
  /** Where the normalisation works on embeddings smaller than the hidden states. */
  readonly embeddingSize?: boolean;
}

const bert: Layout = {
  dense: "cls.predictions.transform.dense",
  norm: "cls.predictions.transform.LayerNorm",
  decoder: "cls.predictions.decoder.weight",
  biases: ["cls.predictions.decoder.bias", "cls.predictions.bias"],
  activation: "own",
};
const roberta: Layout = {
  dense: "lm_head.dense",
  norm: "lm_head.layer_norm",
  decoder: "lm_head.decoder.weight",
  biases: ["lm_head.decoder.bias", "lm_head.bias"],
  activation: "gelu",
};
const deberta: Layout = { ...bert, embeddingSize: true };
const layouts: Readonly<Record<string, Layout>> = {
  bert,
  roberta,
  camembert: roberta,
  "xlm-roberta": roberta,
  mpnet: roberta,
  distilbert: {
    dense: "vocab_transform",
    norm: "vocab_layer_norm",
    decoder: "vocab_projector.weight",
    biases: ["vocab_projector.bias"],
    activation: "own",
    epsilon: 1e-12,
  },
  albert: {
    dense: "predictions.dense",
    norm: "predictions.LayerNorm",
    decoder: "predictions.decoder.weight",
    biases: ["predictions.decoder.bias", "predictions.bias"],
    activation: "own",
    embeddingSize: true,
  },
  electra: {
    dense: "generator_predictions.dense",
    norm: "generator_predictions.LayerNorm",
    decoder: "generator_lm_head.weight",
    biases: ["generator_lm_head.bias"],
    activation: "gelu",
    embeddingSize: true,
  },
  deberta,
  "deberta-v2": deberta,
};
/** DeBERTa's head where `legacy` is false, as its authors wrote it. */
const newDeberta: Layout = {
  dense: "lm_predictions.lm_head.dense",
  norm: "lm_predictions.lm_head.LayerNorm",
  decoder: "lm_predictions.lm_head.decoder.weight",
  biases: ["lm_predictions.lm_head.bias"],
  activation: "own",
};

/** Logits of single tokens: a further input `token_positions`, int64 [tokens], says which, as row · S + column. Gives [tokens, V]. */
export const tokenFiller: Head = (g, context) => {
  const positions = g.input("token_positions", "int64", ["tokens"]);
  const chosen = g.gather(allTokens(g, context), positions);
  return { value: vocabularyLogits(g, chosen, context), shape: ["tokens", context.config.vocabularySize] };
};

/** Logits of the vocabulary for the rows of `hidden`, [M, H] → [M, V]. Throws `unsupported` for an encoder whose head is not known. */
export function vocabularyLogits(g: GraphBuilder, hidden: Value, context: HeadContext): Value {
  const { config } = context;
  if (config.modelType === "modernbert") return modernBertLogits(g, hidden, context);
  const layout = layoutOf(config);
  const size = layout.embeddingSize
    ? wholeNumberOf(config, "embedding_size", { fallback: config.hiddenSize })
    : config.hiddenSize;
  const { dense, norm, epsilon = config.layerNormEpsilon } = layout;
  const wide = g.gemm(
    hidden,
    g.weight(`${dense}.weight`, [size, config.hiddenSize]),
    g.weight(`${dense}.bias`, [size]),
  );
  const active = activate(g, wide, layout.activation === "own" ? config.activation : layout.activation);
  const normed = g.layerNormalization(active, g.weight(`${norm}.weight`, [size]), {
    bias: g.weight(`${norm}.bias`, [size]),
    epsilon,
  });
  const bias = layout.biases.find((name) => context.has(name)) ?? layout.biases[0];
  return g.gemm(
    normed,
    vocabularyTable(g, layout.decoder, { ...context, size }),
    g.weight(bias, [config.vocabularySize]),
  );
}

/** ModernBERT's prediction head, also before its classifiers: biases only where the config asks for them. [M, H] → [M, H]. */
export function modernBertHead(g: GraphBuilder, hidden: Value, { config }: HeadContext): Value {
  const { hiddenSize: size } = config;
  const bias = (key: string, name: string) => (flagOf(config, key, false) ? g.weight(name, [size]) : undefined);
  const wide = g.gemm(hidden, g.weight("head.dense.weight", [size, size]), bias("classifier_bias", "head.dense.bias"));
  const active = activate(g, wide, activationOf(config, "classifier_activation"));
  return g.layerNormalization(active, g.weight("head.norm.weight", [size]), {
    bias: bias("norm_bias", "head.norm.bias") ?? g.constant("float32", Array<number>(size).fill(0)),
    epsilon: config.layerNormEpsilon,
  });
}

/** The table of the output layer, [V, size]: the checkpoint's own, or that of the embeddings when they are tied. */
export function vocabularyTable(
  g: GraphBuilder,
  own: string,
  { architecture, config, has, size }: HeadContext & { size: number },
): Value {
  const name = has(own) || config.json["tie_word_embeddings"] === false ? own : architecture.wordEmbeddings;
  return g.weight(name, [config.vocabularySize, size]);
}

function modernBertLogits(g: GraphBuilder, hidden: Value, context: HeadContext): Value {
  const { config } = context;
  const { vocabularySize, hiddenSize: size } = config;
  const bias = flagOf(config, "decoder_bias", true) ? g.weight("decoder.bias", [vocabularySize]) : undefined;
  return g.gemm(modernBertHead(g, hidden, context), vocabularyTable(g, "decoder.weight", { ...context, size }), bias);
}

function layoutOf(config: TransformerConfig): Layout {
  const isNew = config.modelType.startsWith("deberta") && !flagOf(config, "legacy", true);
  const layout = Object.hasOwn(layouts, config.modelType) ? layouts[config.modelType] : undefined;
  if (layout) return isNew ? newDeberta : layout;
  throw new SemspaceError(
    "unsupported",
    `${config.source}: no masked language model is known for model_type ${shown(config.modelType)}. Known: ${Object.keys(layouts).join(", ")}, modernbert.`,
  );
}
