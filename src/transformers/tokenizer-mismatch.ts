/** Whether a tokenizer belongs to a model. A model takes the ids of any tokenizer, but they mean something only if it was trained with them. */
import { sharesTokenizer, type Tokenizer } from "../tokenizers/index.ts";
import type { ConfigFile } from "./config-values.ts";

/** What of a model is compared. */
export interface TokenizerSide {
  readonly config?: ConfigFile | undefined;
  readonly vocabularySize?: number | undefined;
}

/** Rows that a table may have beyond the tokens: tables are rounded up, or kept for tokens to come. */
const spareRows = (rows: number): number => Math.max(256, 0.05 * rows);

/** What tokenizers call the tokens whose ids config.json names. */
const names: Readonly<Record<string, readonly string[]>> = {
  pad_token_id: ["[PAD]", "<pad>"],
  bos_token_id: ["<s>"],
  eos_token_id: ["</s>"],
};

/**
 * What speaks against the tokenizer, as one sentence; undefined where nothing does. Compared are the kinds of model that the two folders
 * name, the number of tokens with the rows of the embedding table, and the ids of special tokens.
 */
export function tokenizerMismatch(tokenizer: Tokenizer, model: TokenizerSide): string | undefined {
  const reasons = [...kinds(tokenizer, model), ...sizes(tokenizer, model), ...specialIds(tokenizer, model)];
  if (reasons.length === 0) return undefined;
  return `The tokenizer does not seem to belong to the model: ${reasons.join("; ")}. The vectors mean little then. Use the tokenizer that the model was trained with.`;
}

function kinds(tokenizer: Tokenizer, { config }: TokenizerSide): string[] {
  const [own, models] = [tokenizer.modelType, config?.json["model_type"]];
  if (own === undefined || typeof models !== "string" || sharesTokenizer(own, models)) return [];
  return [`it is a ${own} model's, the model is ${models}`];
}

function sizes(tokenizer: Tokenizer, { vocabularySize: rows }: TokenizerSide): string[] {
  const tokens = tokenizer.vocabularySize;
  if (rows === undefined || (tokens <= rows && rows - tokens <= spareRows(rows))) return [];
  const [inWords, rowsInWords] = [tokens, rows].map((count) => count.toLocaleString("en"));
  return [`it has ${inWords} tokens, the model's table has ${rowsInWords} rows`];
}

function specialIds(tokenizer: Tokenizer, { config }: TokenizerSide): string[] {
  return Object.entries(names).flatMap(([key, tokens]) => {
    const id = config?.json[key];
    if (typeof id !== "number" || id < 0) return [];
    const known = tokens.filter((token) => tokenizer.tokenToId(token) !== undefined);
    if (known.length === 0 || known.some((token) => tokenizer.tokenToId(token) === id)) return [];
    return [
      `config.json has ${key} ${id}, which is ${nameOf(tokenizer, id)}, but ${known[0]} is ${tokenizer.tokenToId(known[0])}`,
    ];
  });
}

function nameOf(tokenizer: Tokenizer, id: number): string {
  const token = tokenizer.idToToken(id);
  return token === undefined ? "no token" : JSON.stringify(token);
}
