/** The items that can be recommended: their ids, texts and metadata, each with a number under which the signals know it. */
import { SemspaceError, shown } from "../../errors.ts";
import type { Metadata } from "../../search/filter.ts";

export interface CatalogItem {
  id: string;
  /** What the item is, for recommendations by content: a title, a description. */
  text?: string;
  /** What filters look at. */
  metadata?: Metadata;
}

export class Catalog {
  readonly ids: string[] = [];
  readonly metadata: (Metadata | undefined)[] = [];
  /** How often each item is in the sessions. */
  readonly counts: number[] = [];
  readonly #numbers = new Map<string, number>();

  get size(): number {
    return this.ids.length;
  }

  /** The item's number; undefined for one that is not in the catalogue. */
  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** Adds an item and gives its number. Throws `invalid-argument` for an id that is no string, is empty, or is there already. */
  add({ id, metadata }: CatalogItem): number {
    if (typeof id !== "string" || id === "")
      throw new SemspaceError("invalid-argument", `An item's id must be a string that is not empty, got ${shown(id)}.`);
    if (this.#numbers.has(id))
      throw new SemspaceError("invalid-argument", `Item ${shown(id)} is in the catalogue already. Ids must differ.`);
    this.#numbers.set(id, this.size);
    this.ids.push(id);
    this.metadata.push(metadata);
    this.counts.push(0);
    return this.size - 1;
  }

  /** The sessions as numbers; items that are new are added, and all are counted. Throws `invalid-argument` for a session that is no list of ids. */
  readSessions(sessions: Iterable<readonly string[]>): Int32Array[] {
    return Array.from(sessions, (session, i) => {
      if (!Array.isArray(session))
        throw new SemspaceError("invalid-argument", `Session ${i} must be a list of item ids, got ${shown(session)}.`);
      return Int32Array.from(session as readonly string[], (id) => {
        const number = this.#numbers.get(id) ?? this.add({ id });
        this.counts[number] += 1;
        return number;
      });
    });
  }
}
