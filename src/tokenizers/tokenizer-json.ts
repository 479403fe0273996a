/** The shape of a tokenizer.json, and the checks that its parts need while they read their own fields. */
import { SemspaceError, shown } from "../errors.ts";

/** A part of a tokenizer.json (normalizer, pre-tokenizer, …): its type, and the fields that this type has. */
export interface Part {
  type: string;
  [field: string]: unknown;
}

/** The `model` of a tokenizer.json; in old files it has no type. */
export interface ModelJson {
  type?: string;
  [field: string]: unknown;
}

export interface AddedTokenJson {
  id: number;
  content: string;
  single_word: boolean;
  lstrip: boolean;
  rstrip: boolean;
  normalized: boolean;
  special: boolean;
}

export interface TokenizerJson {
  version?: string;
  truncation?: unknown;
  padding?: unknown;
  added_tokens?: readonly AddedTokenJson[];
  normalizer?: Part | null;
  pre_tokenizer?: Part | null;
  post_processor?: Part | null;
  decoder?: Part | null;
  model: ModelJson;
}

/** Levels of lists and objects in a part, which is read by recursion. */
const deepestPart = 100;

/** Checks the outer shape of a parsed tokenizer.json; the parts check themselves. Throws `invalid-file` naming the part. */
export function readTokenizerJson(json: unknown): TokenizerJson {
  if (!isObject(json)) throw invalid("tokenizer.json", "must be an object", json);
  if (!isObject(json["model"])) throw invalid("model", "must be an object", json["model"]);
  for (const name of ["normalizer", "pre_tokenizer", "post_processor", "decoder"]) {
    const part = json[name] ?? undefined;
    if (part === undefined) continue;
    readPart(part, name);
    if (isDeeper(part, deepestPart)) {
      throw new SemspaceError("unsupported", `The tokenizer's ${name} is nested more than ${deepestPart} levels deep.`);
    }
  }
  const added = json["added_tokens"] ?? [];
  if (!Array.isArray(added)) throw invalid("added_tokens", "must be a list", added);
  return { ...json, model: json["model"], added_tokens: added.map(readAddedToken) };
}

/** A part that has a type. */
export function readPart(json: unknown, name: string): Part {
  if (isObject(json) && typeof json["type"] === "string") return json as Part;
  throw invalid(name, 'must be an object with a "type"', json);
}

/** The parts in a Sequence's list. */
export function readParts(json: Part, field: string): Part[] {
  const list = json[field];
  if (!Array.isArray(list)) throw invalid(`${json.type}.${field}`, "must be a list", list);
  return list.map((part) => readPart(part, `${json.type}.${field}`));
}

/** Makes what `json.type` names. Throws `unsupported` with the known names for any other. */
export function makePart<Made>(json: Part, kind: string, makers: Readonly<Record<string, (json: Part) => Made>>): Made {
  if (!Object.hasOwn(makers, json.type)) {
    const known = Object.keys(makers).join(", ");
    throw new SemspaceError(
      "unsupported",
      `Unknown ${kind} ${shown(json.type)} in tokenizer.json. Known are: ${known}.`,
    );
  }
  return makers[json.type](json);
}

/** A yes-or-no field; null and absent give `otherwise`. */
export function flag(json: Part, field: string, otherwise: boolean): boolean {
  return optionalFlag(json, field) ?? otherwise;
}

/** A yes-or-no field; null and absent are undefined. */
export function optionalFlag(json: Part, field: string): boolean | undefined {
  const value = json[field] ?? undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw invalid(`${json.type}.${field}`, "must be true or false", value);
}

/** A text field; absent gives `otherwise`, and throws where there is none. */
export function text(json: Part, field: string, otherwise?: string): string {
  const value = json[field] ?? otherwise;
  if (typeof value === "string") return value;
  throw invalid(`${json.type}.${field}`, "must be a text", value);
}

/** A text field; null and absent are undefined. */
export function optionalText(json: Part, field: string): string | undefined {
  return (json[field] ?? undefined) === undefined ? undefined : text(json, field);
}

/** A whole number of at least `least`; absent gives `otherwise`. */
export function count(
  json: Part,
  field: string,
  { least = 0, otherwise }: { least?: number; otherwise?: number } = {},
): number {
  const value = json[field] ?? otherwise;
  if (isWhole(value) && value >= least) return value;
  throw invalid(`${json.type}.${field}`, `must be a whole number of at least ${least}`, value);
}

/** One of the words that a field may have. */
export function choice<Word extends string>(json: Part, field: string, words: readonly Word[]): Word {
  const value = json[field];
  if (words.includes(value as Word)) return value as Word;
  throw invalid(`${json.type}.${field}`, `must be one of ${words.join(", ")}`, value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A whole number of at least 0. */
export function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** A token id: a whole number that fits an Int32Array. */
export function isId(value: unknown): value is number {
  return isWhole(value) && value <= 0x7fffffff;
}

/** An `invalid-file` error that names the part of tokenizer.json. */
export function invalid(part: string, rule: string, got: unknown): SemspaceError {
  return new SemspaceError(
    "invalid-file",
    `The tokenizer's ${part} ${rule}, got ${shown(got)}. Fetch the tokenizer's files again.`,
  );
}

function isDeeper(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return false;
}

function readAddedToken(json: unknown, index: number): AddedTokenJson {
  const name = `added_tokens[${index}]`;
  if (!isObject(json)) throw invalid(name, "must be an object", json);
  const { id, content } = json;
  if (!isWhole(id)) throw invalid(`${name}.id`, "must be a whole number", id);
  if (typeof content !== "string") throw invalid(`${name}.content`, "must be a text", content);
  const part: Part = { ...json, type: name };
  return {
    id,
    content,
    single_word: flag(part, "single_word", false),
    lstrip: flag(part, "lstrip", false),
    rstrip: flag(part, "rstrip", false),
    normalized: flag(part, "normalized", false),
    special: flag(part, "special", false),
  };
}
