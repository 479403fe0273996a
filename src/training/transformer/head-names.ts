/** Where the tensors of an encoder and of its head lie in a checkpoint of transformers: `bert.encoder…` beside `cls.predictions…`. */

const prefixes: Readonly<Record<string, string>> = {
  bert: "bert.",
  roberta: "roberta.",
  camembert: "roberta.",
  "xlm-roberta": "roberta.",
  mpnet: "mpnet.",
  distilbert: "distilbert.",
  albert: "albert.",
  electra: "electra.",
  deberta: "deberta.",
  "deberta-v2": "deberta.",
  gpt2: "transformer.",
  llama: "model.",
  qwen3: "model.",
  gemma3_text: "model.",
  modernbert: "model.",
};

const headTensor =
  /^(?:cls|lm_head|lm_predictions|vocab_\w+|predictions|generator_\w+|classifier|pre_classifier|score|head|decoder)\./;

/** Whether a tensor belongs to a head, and not to the encoder. */
export function isHeadTensor(name: string): boolean {
  return headTensor.test(name);
}

/** What a checkpoint of a model with a head calls a tensor, from its name without prefix. */
export function headedName(modelType: string, name: string): string {
  return headTensor.test(name) ? name : (prefixes[modelType] ?? "") + name;
}

/** The names of transformers' classes with a head, by what stands before `For…`. */
const classes: Readonly<Record<string, string>> = {
  bert: "Bert",
  roberta: "Roberta",
  camembert: "Camembert",
  "xlm-roberta": "XLMRoberta",
  mpnet: "MPNet",
  distilbert: "DistilBert",
  albert: "Albert",
  electra: "Electra",
  deberta: "Deberta",
  "deberta-v2": "DebertaV2",
  llama: "Llama",
  qwen3: "Qwen3",
  gemma3_text: "Gemma3",
  modernbert: "ModernBert",
};

/** `architectures` of config.json; undefined where transformers has no such class. */
export function headedClass(
  modelType: string,
  head: "MaskedLM" | "CausalLM" | "SequenceClassification" | "TokenClassification",
): string | undefined {
  if (modelType === "gpt2") return head === "CausalLM" ? "GPT2LMHeadModel" : `GPT2For${head}`;
  return Object.hasOwn(classes, modelType) ? `${classes[modelType]}For${head}` : undefined;
}
