/** A store in memory. */
import { oneOf, wholeNumber } from "../errors.ts";
import { indexDtypes, type VectorOptions } from "./index-options.ts";
import type { KnownTerms } from "./lexical/known-terms.ts";
import { termReader } from "./lexical/terms.ts";
import { LocalRows } from "./local-rows.ts";
import { LocalStore } from "./local-store.ts";
import { MemorySegment } from "./segments/segment.ts";

export interface MemoryStoreOptions extends VectorOptions {
  /** Length of the vectors. */
  dimensions: number;
  /** Terms read before; those of other texts are added. */
  knownTerms?: KnownTerms | undefined;
}

/** An empty store. Throws `invalid-argument` for options that are none. */
export function createMemoryStore(options: MemoryStoreOptions): LocalStore {
  checkVectorOptions(options);
  const terms = termReader();
  return new LocalStore(
    new LocalRows(options.dimensions, options, () => new MemorySegment(terms, options.knownTerms)),
    { terms },
  );
}

export function checkVectorOptions(options: MemoryStoreOptions): void {
  const { dimensions, dtype, measure, firstDimensions, threads } = options;
  wholeNumber("dimensions", dimensions, 0);
  if (dtype !== undefined) oneOf("dtype", dtype, indexDtypes);
  if (measure !== undefined) oneOf("measure", measure, ["cosine", "dot"]);
  if (threads !== undefined) wholeNumber("threads", threads, 1);
  if (firstDimensions !== undefined) wholeNumber("firstDimensions", firstDimensions, 1);
}
