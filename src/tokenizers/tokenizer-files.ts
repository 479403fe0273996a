/**
 * The JSON files beside a vocabulary, as one config: tokenizer_config.json, in its absence of added tokens also special_tokens_map.json
 * (which then has the last word) and added_tokens.json, and from config.json the class. Reference: transformers 5.3,
 * tokenization_utils_base.py, `_from_pretrained`, and AutoTokenizer.
 */
import { type ModelFolder, readJsonIfPresent } from "../hub/folder.ts";
import { tokenizerClass, type TokenizerConfig } from "./tokenizer-config.ts";
import { isObject } from "./tokenizer-json.ts";

/** The class of a model's tokenizer by `model_type`, where the model's name is not the tokenizer's. */
const classes: Readonly<Record<string, string>> = {
  ...{ bert: "Bert", distilbert: "Bert", electra: "Bert", mpnet: "MPNet" },
  ...{ roberta: "Roberta", longformer: "Roberta", led: "Roberta", bart: "Roberta" },
  ...{ camembert: "Camembert", "xlm-roberta": "XLMRoberta", albert: "Albert" },
  ...{ deberta: "Deberta", "deberta-v2": "DebertaV2" },
  ...{ t5: "T5", mt5: "T5", umt5: "T5", gpt2: "GPT2", clip: "CLIP" },
  ...{ qwen2: "Qwen2", qwen3: "Qwen2", llama: "Llama", mistral: "Llama" },
  ...{ gemma: "Gemma", gemma2: "Gemma", gemma3: "Gemma", gemma3_text: "Gemma" },
};

/** Whether models of these types (`model_type` of config.json) have the same class of tokenizer. */
export function sharesTokenizer(one: string, other: string): boolean {
  const classOf = (type: string) => (Object.hasOwn(classes, type) ? classes[type] : type);
  return classOf(one) === classOf(other);
}

/** The `model_type` of config.json; undefined where there is none, or none that can be read. */
export async function readModelType(folder: ModelFolder): Promise<string | undefined> {
  const config = await objectIfPresent(folder, "config.json").catch(() => undefined);
  return typeof config?.["model_type"] === "string" ? config["model_type"] : undefined;
}

/** Reads what of them is there. A `tokenizer_class` is that of tokenizer_config.json, else of config.json, else that of its `model_type`. */
export async function readTokenizerConfig(folder: ModelFolder): Promise<TokenizerConfig> {
  const own = await objectIfPresent(folder, "tokenizer_config.json");
  const config = { ...own };
  if (own["added_tokens_decoder"] === undefined) {
    Object.assign(config, asTokens(await objectIfPresent(folder, "special_tokens_map.json")));
    const added = await objectIfPresent(folder, "added_tokens.json");
    if (Object.keys(added).length > 0) config["added_tokens_decoder"] = decoderOf(added, config);
  }
  if (tokenizerClass(config) === undefined) config["tokenizer_class"] = await classOfModel(folder);
  return config;
}

/** In special_tokens_map.json an object is a special token, whether it says so or not. */
function asTokens(map: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([role, token]) => [role, isObject(token) ? { ...token, special: true } : token]),
  );
}

/** added_tokens.json (token → id) as an `added_tokens_decoder`; what no role names is an ordinary token, to be normalised. */
function decoderOf(added: Record<string, unknown>, config: TokenizerConfig): Record<string, unknown> {
  const roles = Object.entries(config).filter(([key]) => key.endsWith("_token"));
  const named = new Set(roles.map(([, token]) => (isObject(token) ? token["content"] : token)));
  return Object.fromEntries(
    Object.entries(added).map(([content, id]) => {
      const special = named.has(content);
      return [String(id), { content, lstrip: false, rstrip: false, normalized: !special, special }];
    }),
  );
}

async function classOfModel(folder: ModelFolder): Promise<string | undefined> {
  const { tokenizer_class: named, model_type: type } = await objectIfPresent(folder, "config.json");
  if (typeof named === "string" && tokenizerClass({ tokenizer_class: named }) !== undefined) return named;
  return typeof type === "string" && Object.hasOwn(classes, type) ? classes[type] : undefined;
}

async function objectIfPresent(folder: ModelFolder, path: string): Promise<Record<string, unknown>> {
  const json = await readJsonIfPresent<unknown>(folder, path);
  return isObject(json) ? json : {};
}
