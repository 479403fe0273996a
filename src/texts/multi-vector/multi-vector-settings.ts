/**
 * What a multi-vector (ColBERT) folder says about its texts: markers, lengths, query expansion, tokens that do not count. Three kinds of
 * folder: sentence-transformers 6 (settings with its modules), PyLate (in config_sentence_transformers.json), and Stanford's ColBERT
 * (artifact.metadata). Reference: sentence-transformers 6.2, `multi_vector_encoder/model.py`.
 */
import { SemspaceError, shown } from "../../errors.ts";
import { type ModelFolder, readJsonIfPresent } from "../../hub/folder.ts";

/** Queries are filled up to a width with mask tokens, whose vectors count too. */
export interface QueryExpansion {
  readonly length: number;
  /** "fixed": longer queries are cut to the width; "min": they stay. */
  readonly strategy: "fixed" | "min";
  /** Whether other tokens see the mask tokens. */
  readonly attend: boolean;
  /** The token, where it is not the mask. */
  readonly token: string | undefined;
}

export interface MultiVectorSettings {
  /** Text in front of queries and of documents. */
  readonly prompts: { readonly query: string; readonly document: string };
  /** Whether the markers in the prompts are tokens by themselves, which the tokenizer has to be told. */
  readonly registersMarkers: boolean;
  readonly queryLength: number | undefined;
  readonly documentLength: number | undefined;
  readonly expansion: QueryExpansion | undefined;
  /** Words whose vectors do not count, and in which texts. */
  readonly skipWords: readonly string[];
  readonly skipTasks: readonly string[];
  /** Only these tokens of documents count. */
  readonly keepIds: readonly number[] | undefined;
  /** Whether scores are divided by the number of a query's vectors. */
  readonly isMean: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Python's `string.punctuation`. */
const punctuation = [..."!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"];

/** `transformer` and `mask` are the folders of those modules, where there are any. */
export async function readMultiVectorSettings(
  folder: ModelFolder,
  { transformer, mask, isStanford }: { transformer: ModelFolder; mask: ModelFolder | undefined; isStanford: boolean },
): Promise<MultiVectorSettings> {
  if (isStanford) return stanford((await readJsonIfPresent<Json>(folder, "artifact.metadata")) ?? {});
  const file = (await readJsonIfPresent<Json>(folder, "config_sentence_transformers.json")) ?? {};
  const own = (await readJsonIfPresent<Json>(transformer, "sentence_bert_config.json")) ?? {};
  const masking = mask && ((await readJsonIfPresent<Json>(mask, "config.json")) ?? {});
  const isPylate = pylateKeys.some((key) => file[key] !== undefined);
  const knobs = { ...own, ...(isPylate ? pylateKnobs(file) : {}) };
  return {
    prompts: promptsOf(file),
    registersMarkers: file["query_prefix"] !== undefined || file["document_prefix"] !== undefined,
    queryLength: lengthOf(knobs["query_length"]),
    documentLength: lengthOf(knobs["document_length"]),
    expansion: expansionOf(knobs["query_expansion"]),
    skipWords: wordsOf(masking ? masking["skiplist_words"] : (file["skiplist_words"] ?? (isPylate ? punctuation : []))),
    skipTasks: [masking?.["skiplist_tasks"] ?? "document"].flat().map(String),
    keepIds: idsOf(masking?.["keep_only_token_ids"]),
    isMean: file["similarity_fn_name"] === "meanmaxsim",
  };
}

const pylateKeys = [
  ...["query_length", "document_length", "query_expansion", "do_query_expansion", "attend_to_expansion_tokens"],
  ...["attend_to_mask_tokens", "query_prefix", "document_prefix", "skiplist_words"],
];

function pylateKnobs(file: Json): Json {
  const { query_length: queryLength, document_length: documentLength } = file;
  const length = documentLength === undefined || documentLength === null ? {} : { document_length: documentLength };
  if (file["query_expansion"] !== undefined || file["do_query_expansion"] === false) {
    return { ...length, query_length: queryLength, query_expansion: file["query_expansion"] };
  }
  const attend = file["attend_to_expansion_tokens"] ?? file["attend_to_mask_tokens"] ?? false;
  return { ...length, query_expansion: { strategy: "fixed", attend, length: queryLength ?? 32 } };
}

function stanford(metadata: Json): MultiVectorSettings {
  const marker = (key: string, usual: string) => `${typeof metadata[key] === "string" ? metadata[key] : usual} `;
  return {
    prompts: { query: marker("query_token_id", "[unused0]"), document: marker("doc_token_id", "[unused1]") },
    registersMarkers: true,
    queryLength: undefined,
    documentLength: lengthOf(metadata["doc_maxlen"]),
    expansion: expansionOf({
      strategy: "fixed",
      attend: metadata["attend_to_mask_tokens"] ?? false,
      length: metadata["query_maxlen"] ?? 32,
    }),
    skipWords: (metadata["mask_punctuation"] ?? true) === true ? punctuation : [],
    skipTasks: ["document"],
    keepIds: undefined,
    isMean: false,
  };
}

function promptsOf(file: Json): { query: string; document: string } {
  const saved = (file["prompts"] ?? {}) as Json;
  const of = (name: "query" | "document") => {
    const prefix = file[`${name}_prefix`] ?? "";
    const prompt = saved[name] ?? "";
    if (typeof prefix !== "string" || typeof prompt !== "string") throw broken(`prompts.${name}`, "a text", prompt);
    return prompt.startsWith(prefix) ? prompt : prefix + prompt;
  };
  return { query: of("query"), document: of("document") };
}

function expansionOf(value: unknown): QueryExpansion | undefined {
  if (value === undefined || value === null) return undefined;
  const { strategy, attend = false, token, length } = value as Json;
  if (strategy !== "fixed" && strategy !== "min")
    throw broken("query_expansion.strategy", '"fixed" or "min"', strategy);
  if (typeof attend !== "boolean") throw broken("query_expansion.attend", "true or false", attend);
  const width = lengthOf(length);
  if (width === undefined) throw broken("query_expansion.length", "a whole number of at least 1", length);
  return { strategy, attend, length: width, token: typeof token === "string" ? token : undefined };
}

function lengthOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw broken("the length of a text", "a whole number of at least 1", value);
}

function wordsOf(value: unknown): readonly string[] {
  const list = value ?? [];
  if (Array.isArray(list) && list.every((word) => typeof word === "string")) return list;
  throw broken("skiplist_words", "a list of words", value);
}

function idsOf(value: unknown): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((id) => Number.isInteger(id))) return value as number[];
  throw broken("keep_only_token_ids", "a list of token ids", value);
}

function broken(key: string, wanted: string, got: unknown): SemspaceError {
  return new SemspaceError("invalid-file", `The model's settings: ${key} must be ${wanted}, got ${shown(got)}.`);
}
