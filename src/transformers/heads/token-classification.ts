/** Token classification: for every token one logit a label. Tensors of transformers' `…ForTokenClassification`. */
import { linear } from "../layers.ts";
import { allTokens, type Head } from "./head.ts";
import { labelsOf } from "./labels.ts";
import { modernBertHead } from "./masked-language-model.ts";

/** Gives [B · S, labels], the tokens row by row. */
export const tokenClassification: Head = (g, context) => {
  const { config, has } = context;
  const outputs = labelsOf(config).length;
  const hidden = allTokens(g, context);
  const features = config.modelType === "modernbert" ? modernBertHead(g, hidden, context) : hidden;
  // Decoders that are trained as classifiers call it `score`.
  const name = has("score.weight") ? "score" : "classifier";
  return { value: linear(g, features, { name, inputs: config.hiddenSize, outputs }), shape: ["tokens", outputs] };
};
