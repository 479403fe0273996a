/** What a store refuses, before anything of a call is done. */
import { SemspaceError, shown, wholeNumber } from "../errors.ts";
import { compileFilter, type Metadata, type Predicate } from "./filter.ts";
import type { StoreEntry, StoreSearchOptions } from "./store.ts";

/** Copies of the entries, of several with one id the last. Throws as `Store.upsert` says. */
export function checkedEntries(entries: readonly StoreEntry[], dimensions: number): StoreEntry[] {
  if (!Array.isArray(entries))
    throw wrong(`Entries must be an array of { id, vector, text?, metadata? }, got ${shown(entries)}.`);
  const byId = new Map<string, StoreEntry>();
  for (const [i, entry] of (entries as readonly (StoreEntry | undefined)[]).entries()) {
    const { id, vector, text, metadata } = entry ?? ({} as Partial<StoreEntry>);
    checkId(id, `Entry ${i}`);
    checkVector(vector, dimensions, `The vector of entry ${shown(id)}`);
    if (text !== undefined && typeof text !== "string")
      throw wrong(`The text of entry ${shown(id)} must be a string, got ${shown(text)}.`);
    // Deleted first: the last of equal ids stands where it was given.
    byId.delete(id!);
    byId.set(id!, { id: id!, vector: vector!, text, metadata: checkedMetadata(metadata, id!) });
  }
  return [...byId.values()];
}

function checkId(id: unknown, what: string): void {
  if (typeof id !== "string" || id === "")
    throw wrong(`${what} needs an id that is a string and not empty, got ${shown(id)}.`);
}

/** Throws `mismatch` for another length, `invalid-argument` for what is no vector or not finite. */
export function checkVector(vector: unknown, dimensions: number, what: string): void {
  if (!(vector instanceof Float32Array)) throw wrong(`${what} must be a Float32Array, got ${shown(vector)}.`);
  if (vector.length !== dimensions) {
    throw new SemspaceError(
      "mismatch",
      `${what} has ${vector.length} dimensions, this index ${dimensions}. Use the model that the index was made with.`,
    );
  }
  const at = vector.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw wrong(`${what} is not finite: value ${at} is ${vector[at]}. Leave such vectors out.`);
}

/** The options with defaults, and the filter as a function. */
export function checkedSearch(options: StoreSearchOptions): {
  k: number;
  allows: Predicate | undefined;
  minScore: number;
} {
  const { k, filter, minScore = -Infinity } = options;
  wholeNumber("k", k, 1);
  if (typeof minScore !== "number" || Number.isNaN(minScore))
    throw wrong(`minScore must be a number, got ${shown(minScore)}.`);
  return { k, minScore, allows: filter === undefined ? undefined : compileFilter(filter) };
}

/** A copy: what the caller does with the object later changes nothing here. */
function checkedMetadata(metadata: Metadata | undefined, id: string): Metadata | undefined {
  if (metadata === undefined) return undefined;
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata))
    throw wrong(`The metadata of entry ${shown(id)} must be an object, got ${shown(metadata)}.`);
  const field = Object.keys(metadata).find((name) => !isJson(metadata[name], 0));
  if (field !== undefined)
    throw wrong(
      `Metadata ${shown(field)} of entry ${shown(id)} is not JSON: ${shown(metadata[field])}. Use strings, finite numbers, booleans, null, arrays and objects of these.`,
    );
  return JSON.parse(JSON.stringify(metadata)) as Metadata;
}

const DEEPEST = 100;

function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return true;
  if (value === undefined) return depth === 0;
  if (typeof value !== "object" || depth > DEEPEST) return false;
  const values = Array.isArray(value) ? (value as unknown[]) : plain(value) ? Object.values(value) : undefined;
  return values !== undefined && values.every((part) => isJson(part, depth + 1));
}

function plain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function wrong(message: string): SemspaceError {
  return new SemspaceError("invalid-argument", message);
}
