/** The terms of texts that lexical search has read before, in one file for a scope (what is searched). */
import { CacheFile, type CacheOptions } from "./cache-file.ts";
import { contentName } from "./content-key.ts";
import { KnownTerms } from "./lexical/known-terms.ts";

/** Opens the cache of a scope, empty when there is none yet. Never throws for a broken file. */
export async function openTermCache(options: CacheOptions & { scope: string }): Promise<TermCache> {
  const file = new CacheFile(`${contentName(options.scope)}.terms`, options);
  const bytes = await file.read();
  return new TermCache(file, bytes ? KnownTerms.fromBytes(bytes) : new KnownTerms());
}

/** Made by {@link openTermCache}. */
export class TermCache {
  readonly known: KnownTerms;
  readonly #file: CacheFile;

  constructor(file: CacheFile, known: KnownTerms) {
    this.#file = file;
    this.known = known;
  }

  /** Writes the file when there is anything new. Throws `unavailable` when it cannot be written. */
  async save(): Promise<void> {
    if (this.known.changed) await this.#file.write(this.known.toBytes());
  }
}
