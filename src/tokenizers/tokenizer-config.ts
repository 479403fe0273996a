/**
 * What tokenizer_config.json and special_tokens_map.json add to a vocabulary file: which class reads it, its special tokens, and tokens
 * that are not in the vocabulary. Reference: transformers 5.3, tokenization_utils_tokenizers.py, `TokenizersBackend.__init__`.
 */
import { type AddedTokenJson, invalid, isObject, isWhole } from "./tokenizer-json.ts";

/** tokenizer_config.json as parsed; fields are checked where they are read. */
export type TokenizerConfig = Readonly<Record<string, unknown>>;

/** The names of special tokens, in the order in which transformers adds them. */
const roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"] as const;
export type Role = (typeof roles)[number];

/** The special tokens that a class has when the config says nothing; a role that is absent has none. */
export type SpecialTokens = Partial<Record<Role, string | AddedToken>>;

/** An added token without its id. */
export type AddedToken = Pick<AddedTokenJson, "content"> & Partial<AddedTokenJson>;

/** A flag of the config; absent and null give `otherwise`. */
export function configFlag(config: TokenizerConfig, field: string, otherwise: boolean): boolean {
  const value = config[field] ?? otherwise;
  if (typeof value === "boolean") return value;
  throw invalid(`tokenizer_config.json, ${field},`, "must be true or false", value);
}

/** A count of the config; absent and null give `otherwise`. */
export function configCount(
  config: TokenizerConfig,
  field: string,
  { otherwise, most }: { otherwise: number; most: number },
): number {
  const value = config[field] ?? otherwise;
  if (isWhole(value) && value <= most) return value;
  throw invalid(`tokenizer_config.json, ${field},`, `must be a whole number of at most ${most}`, value);
}

/** The class without "Fast" and "Tokenizer": "Bert", "XLMRoberta"; undefined when the config names none, or one that any tokenizer may have. */
export function tokenizerClass(config: TokenizerConfig): string | undefined {
  const name = config["tokenizer_class"];
  const found = typeof name === "string" ? name.replace(/(Tokenizer)?(Fast)?$/, "") : undefined;
  return found === "PreTrained" || found === "TokenizersBackend" ? undefined : found;
}

/** BERT's special tokens, in every role; DeBERTa has them too. */
export const bertTokens: SpecialTokens = {
  bos_token: "[CLS]",
  eos_token: "[SEP]",
  unk_token: "[UNK]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  cls_token: "[CLS]",
  mask_token: "[MASK]",
};

/** fairseq's special tokens, in every role: RoBERTa, XLM-RoBERTa, CamemBERT. */
export const fairseqTokens: SpecialTokens = {
  bos_token: "<s>",
  eos_token: "</s>",
  unk_token: "<unk>",
  sep_token: "</s>",
  pad_token: "<pad>",
  cls_token: "<s>",
  mask_token: "<mask>",
};

/** The special tokens of the config over those of the class. */
export function specialTokens(config: TokenizerConfig, defaults: SpecialTokens): SpecialTokens {
  const found: SpecialTokens = {};
  for (const role of roles) {
    const token = config[role] === undefined ? defaults[role] : readToken(config[role], role);
    if (token !== undefined) found[role] = token;
  }
  return found;
}

/** The text of a special token that a class cannot do without. */
export function contentOf(tokens: SpecialTokens, role: Role): string {
  const token = tokens[role];
  if (token === undefined) throw invalid(`tokenizer_config.json, ${role},`, "must name a token", null);
  return typeof token === "string" ? token : token.content;
}

/**
 * The list of added tokens: those of `first` (from a SentencePiece model), the config's added_tokens_decoder by id, the special tokens by
 * role, and the additional ones. One that the vocabulary lacks gets the next id; one that is listed already stays as it is.
 */
export function addedTokens(
  idOf: (token: string) => number | undefined,
  size: number,
  { config, special, first = [] }: { config: TokenizerConfig; special: SpecialTokens; first?: readonly AddedToken[] },
): AddedTokenJson[] {
  const decoder = isObject(config["added_tokens_decoder"]) ? config["added_tokens_decoder"] : {};
  const listed = Object.keys(decoder)
    .map(Number)
    .toSorted((a, b) => a - b);
  const fromDecoder = listed.map((id) => readToken(decoder[id], `added_tokens_decoder.${id}`));
  const byRole = roles.map((role) => special[role]);
  const more = config["additional_special_tokens"] ?? config["extra_special_tokens"] ?? [];
  const additional = Array.isArray(more) ? more.map((token) => readToken(token, "additional_special_tokens")) : [];
  const added = new Map<string, AddedTokenJson>();
  let next = size;
  const add = (token: string | AddedToken | undefined, isSpecial: boolean) => {
    if (token === undefined) return;
    const given = typeof token === "string" ? { content: token } : token;
    if (given.content === "" || added.has(given.content)) return;
    const known = idOf(given.content);
    added.set(given.content, { ...plain, special: isSpecial, ...given, id: known ?? next });
    if (known === undefined) next += 1;
  };
  const named = new Set(byRole.map((token) => (typeof token === "string" ? token : token?.content)));
  for (const token of fromDecoder)
    add(typeof token === "string" || !named.has(token?.content) ? token : { ...token!, special: true }, false);
  for (const token of byRole) add(typeof token === "string" ? token : token && { ...token, special: true }, true);
  for (const token of additional) add(typeof token === "string" ? token : token && { ...token, special: true }, true);
  for (const token of first) add(token, false);
  return [...added.values()].toSorted((a, b) => a.id - b.id);
}

const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };

/** A token is its text, or an object with its flags; null is none. */
export function readToken(value: unknown, name: string): string | AddedToken | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return value;
  if (!isObject(value) || typeof value["content"] !== "string") {
    throw invalid(`tokenizer_config.json, ${name},`, "must be a text or an object with a content", value);
  }
  const token: AddedToken = { content: value["content"] };
  for (const flag of ["single_word", "lstrip", "rstrip", "normalized", "special"] as const) {
    const set = value[flag];
    if (typeof set === "boolean") token[flag] = set;
  }
  return token;
}
