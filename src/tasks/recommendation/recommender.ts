/** What goes with what was taken? Items for a user, the next item of a session, items like one item. */
import { SemspaceError, shown, wholeNumber } from "../../errors.ts";
import { type Filter, compileFilter, type Metadata } from "../../search/filter.ts";
import type { Encoder } from "../model-probe.ts";
import type { Catalog, CatalogItem } from "./catalog.ts";
import type { ContentSpace } from "./content-space.ts";
import { recencyWeights, type Signal, type SignalKind, standardized } from "./signal.ts";

export interface RecommendOptions {
  /** How many items. Default 10. */
  top?: number;
  /** Only items whose metadata pass. */
  filter?: Filter;
  /** Items that are not recommended, besides those of the history. */
  exclude?: readonly string[];
  /** Whether items of the history can be recommended again. Default false. */
  includeSeen?: boolean;
  /** What the item before another one counts beside it: 1 lets all of the history count alike. Default: the recommender's own. */
  decay?: number;
}

export interface Recommendation {
  item: string;
  /** Larger is better; comparable within one list only. */
  score: number;
  metadata?: Metadata;
}

/** How much each signal counts, once all have variance 1. */
export type SignalWeights = Partial<Record<SignalKind, number>>;

/** What a recommender is made of: `createRecommender` and `loadRecommender` put it together. */
export interface RecommenderParts {
  catalog: Catalog;
  signals: readonly Signal[];
  weights: Readonly<Record<SignalKind, number>>;
  decay: number;
  /** Histories of users that have names. */
  users: ReadonlyMap<string, Int32Array>;
  content: ContentSpace | undefined;
}

/**
 * @example
 * const recommender = await createRecommender({ sessions, items, embedder });
 * recommender.recommend(["Alien", "Blade Runner"], { top: 3, filter: { year: { $gte: 1990 } } });
 * // [{ item: "Twelve Monkeys", score: 4.1, metadata: { year: 1995 } }, …]
 */
export class Recommender {
  #parts: RecommenderParts;

  constructor(parts: RecommenderParts) {
    this.#parts = parts;
  }

  /** What it is made of, to be saved. */
  get parts(): Readonly<RecommenderParts> {
    return this.#parts;
  }

  /** Ids of all items. */
  get items(): readonly string[] {
    return this.#parts.catalog.ids;
  }

  /** Ids of the users whose histories it knows. */
  get users(): string[] {
    return [...this.#parts.users.keys()];
  }

  /**
   * Items for somebody who took these, oldest first. Items that are not in the catalogue say nothing; where none is, or the history is empty,
   * the most popular items come first. Throws `invalid-argument` for a decay outside 0 … 1.
   */
  recommend(history: readonly string[], options: RecommendOptions = {}): Recommendation[] {
    const { catalog } = this.#parts;
    if (!Array.isArray(history))
      throw new SemspaceError("invalid-argument", `A history must be a list of item ids, got ${shown(history)}.`);
    return this.#ranked(
      history.map((id: string) => catalog.numberOf(id)).filter((item) => item !== undefined),
      options,
    );
  }

  /** What comes next in a session: as {@link Recommender.recommend}, but the last items count most (`decay` 0.3). */
  next(session: readonly string[], options: RecommendOptions = {}): Recommendation[] {
    return this.recommend(session, { decay: 0.3, ...options });
  }

  /** Items for a user of the sessions. Throws `invalid-argument` for one that is not known. */
  forUser(user: string, options: RecommendOptions = {}): Recommendation[] {
    const history = this.#parts.users.get(user);
    if (history) return this.#ranked([...history], options);
    throw new SemspaceError(
      "invalid-argument",
      `User ${shown(user)} is not among the ${this.#parts.users.size} of the sessions. Pass the items: recommend(history).`,
    );
  }

  /** Items that go with one item. Throws `invalid-argument` for one that is not in the catalogue, or of which nothing is known. */
  similar(id: string, options: RecommendOptions = {}): Recommendation[] {
    const { catalog, signals } = this.#parts;
    const item = catalog.numberOf(id);
    if (item === undefined)
      throw new SemspaceError(
        "invalid-argument",
        `Item ${shown(id)} is not among the ${catalog.size} items. Add it with its text: addItems([{ id, text }], embedder).`,
      );
    if (!signals.some((signal) => signal.knows(item)))
      throw new SemspaceError(
        "invalid-argument",
        `Nothing is known of item ${shown(id)}: it is in no session with others and has no text.`,
      );
    return this.#ranked([item], options);
  }

  /**
   * Adds items that nobody has taken yet: their texts say where they belong. Throws `unsupported` for a recommender without content,
   * `mismatch` for another model than it was made with, `invalid-argument` for an item without a text, or one that is there already.
   */
  async addItems(items: readonly CatalogItem[], embedder: Encoder): Promise<void> {
    const { content, catalog } = this.#parts;
    if (content === undefined)
      throw new SemspaceError(
        "unsupported",
        "New items are placed by their texts, and this recommender was made without. Make it with items that have texts, and an embedder.",
      );
    const without = items.find(({ text }) => typeof text !== "string" || text.trim() === "");
    if (without) throw new SemspaceError("invalid-argument", `Item ${shown(without.id)} needs a text.`);
    const ids = items.map(({ id }) => id);
    const double = ids.find((id, i) => catalog.numberOf(id) !== undefined || ids.indexOf(id) < i);
    if (double !== undefined)
      throw new SemspaceError(
        "invalid-argument",
        `Item ${shown(double)} is in the catalogue already. Ids must differ.`,
      );
    const signals = await content.extended(items, embedder, this.#parts.signals);
    for (const item of items) catalog.add(item);
    this.#parts = { ...this.#parts, signals };
  }

  #ranked(history: readonly number[], options: RecommendOptions): Recommendation[] {
    const { catalog, signals, weights } = this.#parts;
    const { top = 10, decay = this.#parts.decay } = options;
    wholeNumber("top", top, 1);
    if (!(decay >= 0 && decay <= 1))
      throw new SemspaceError("invalid-argument", `decay must be from 0 to 1, got ${decay}.`);
    const weighted = recencyWeights(history, decay);
    const speaking = signals.filter(
      (signal) => weights[signal.kind] !== 0 && weighted.some(({ item }) => signal.knows(item)),
    );
    const allowed = this.#candidates(history, options);
    if (speaking.length === 0) return this.#listed(allowed, Float64Array.from(catalog.counts), top);
    const candidates = allowed.filter((item) => speaking.some((signal) => signal.knows(item)));
    const scores = new Float64Array(catalog.size);
    for (const signal of speaking) {
      const own = standardized(signal.scores(weighted), candidates);
      for (let i = 0; i < own.length; i += 1) scores[i] += weights[signal.kind] * own[i];
    }
    return this.#listed(candidates, scores, top);
  }

  #candidates(history: readonly number[], { filter, exclude = [], includeSeen = false }: RecommendOptions): number[] {
    const { catalog } = this.#parts;
    const passes = filter && compileFilter(filter);
    const out = new Set(exclude.map((id) => catalog.numberOf(id)));
    if (!includeSeen) for (const item of history) out.add(item);
    const candidates: number[] = [];
    for (let item = 0; item < catalog.size; item += 1)
      if (!out.has(item) && (!passes || passes(catalog.metadata[item]))) candidates.push(item);
    return candidates;
  }

  /** The best of the candidates; of equal ones the earlier in the catalogue. */
  #listed(candidates: number[], scores: Float64Array, top: number): Recommendation[] {
    const { ids, metadata } = this.#parts.catalog;
    return candidates
      .sort((a, b) => scores[b] - scores[a] || a - b)
      .slice(0, top)
      .map((item) =>
        Object.assign({ item: ids[item], score: scores[item] }, metadata[item] && { metadata: metadata[item] }),
      );
  }
}
