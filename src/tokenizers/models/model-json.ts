/** The `model` part of a tokenizer.json, and the checks that every model needs while it reads its own fields. */
import { SemspaceError } from "../../errors.ts";

/** The `model` object of a tokenizer.json, as parsed: each model reads and checks its own fields. */
export interface ModelJson {
  type?: string;
  [field: string]: unknown;
}

/** Tokens and ids, both ways. */
export class Vocabulary {
  readonly ids: ReadonlyMap<string, number>;
  #tokens: Map<number, string> | undefined;

  constructor(ids: ReadonlyMap<string, number>) {
    this.ids = ids;
  }

  /** The token of an id; where two tokens share an id, the later one. */
  token(id: number): string | undefined {
    if (!this.#tokens) {
      this.#tokens = new Map();
      for (const [token, at] of this.ids) this.#tokens.set(at, token);
    }
    return this.#tokens.get(id);
  }
}

/** Reads `vocab`, an object from token to id. Throws `invalid-file` when it is none or an id is no whole number. */
export function readVocabulary(json: ModelJson, type: string): Vocabulary {
  const { vocab } = json;
  if (typeof vocab !== "object" || vocab === null || Array.isArray(vocab)) {
    throw invalidModel(`The ${type} model's vocab must be an object from token to id, got ${describe(vocab)}.`);
  }
  const ids = new Map<string, number>();
  const entries = vocab as Record<string, unknown>;
  // for … in, since Object.entries of 30,000 keys takes three times as long, and opening a model waits for it.
  // oxlint-disable-next-line guard-for-in -- JSON.parse gives no inherited keys
  for (const token in entries) {
    const id = entries[token];
    if (typeof id !== "number" || id < 0 || id > 0x7fffffff || !Number.isInteger(id)) {
      throw invalidModel(
        `Token ${JSON.stringify(token)} in the ${type} vocab has the id ${describe(id)}; a whole number from 0 to 2147483647 is needed.`,
      );
    }
    ids.set(token, id);
  }
  return new Vocabulary(ids);
}

/** A text field; null and absent are undefined. */
export function textField(json: ModelJson, field: string): string | undefined {
  const value = json[field] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalidModel(`The model's ${field} must be a text, got ${describe(value)}.`);
}

/** A yes-or-no field; null and absent are false. */
export function flagField(json: ModelJson, field: string): boolean {
  const value = json[field] ?? false;
  if (typeof value === "boolean") return value;
  throw invalidModel(`The model's ${field} must be true or false, got ${describe(value)}.`);
}

/** A whole number of at least 0; null and absent are undefined. */
export function countField(json: ModelJson, field: string): number | undefined {
  const value = json[field] ?? undefined;
  if (value === undefined || (typeof value === "number" && Number.isInteger(value) && value >= 0)) return value;
  throw invalidModel(`The model's ${field} must be a whole number of at least 0, got ${describe(value)}.`);
}

/** An `invalid-file` error about the model part of a tokenizer. */
export function invalidModel(problem: string): SemspaceError {
  return new SemspaceError("invalid-file", `${problem} Fetch the tokenizer's files again.`);
}

/** A value as an error message shows it, cut short. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
