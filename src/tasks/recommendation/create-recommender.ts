/**
 * A recommender from what was taken together (sessions), from what the items are about (texts), or from both. Sessions become item2vec
 * vectors; texts become content vectors of any embedder, which also place items that nobody has taken yet.
 */
import { SemspaceError, shown } from "../../errors.ts";
import { Matrix, normalized } from "../../matrix/index.ts";
import { type Encoder, probeModel } from "../model-probe.ts";
import { Catalog, type CatalogItem } from "./catalog.ts";
import { drawnToContent, fitContentMap } from "./content-map.ts";
import { ContentSpace, encodeItems } from "./content-space.ts";
import { fitLinearSignal } from "./linear-signal.ts";
import { Recommender, type SignalWeights } from "./recommender.ts";
import { type SessionVectorOptions, trainSessionVectors } from "./session-vectors.ts";
import type { Signal, SignalKind } from "./signal.ts";
import { VectorSignal } from "./vector-signal.ts";

export interface RecommenderData {
  /** What was taken together, oldest first: lists of item ids, or such a list a user. */
  sessions?: Iterable<readonly string[]> | ReadonlyMap<string, readonly string[]>;
  /** The catalogue. Items of the sessions that are not in it are added, without text and metadata. */
  items?: readonly CatalogItem[];
  /** Makes vectors of the items' texts. */
  embedder?: Encoder;
}

export interface RecommenderOptions extends SessionVectorOptions {
  /**
   * How much each signal counts. Default: sessions 1, content 0.1 where there are both, linear 0. `linear` (EASE) costs the cube of the
   * number of items, and is often the best single one.
   */
  weights?: SignalWeights;
  /** What the item before another one in a history counts beside it, 0 … 1. Default 0.6. */
  decay?: number;
  /** An item that was taken so many times lies half way between where the sessions and its content put it. Default 2; with 0 only new items go by content. */
  contentStrength?: number;
  /** Of `linear`: larger trusts pairs that were taken together often. Default 300. */
  penalty?: number;
  signal?: AbortSignal;
  onProgress?: (progress: RecommenderProgress) => void;
}

export interface RecommenderProgress {
  stage: "encode" | "train" | "fit";
  /** Share of the stage that is done, 0 … 1. */
  fraction: number;
}

/**
 * Throws `invalid-argument` when there are neither sessions with two items nor items with texts and an embedder, or for weights that are
 * no numbers from 0 on.
 *
 * @example
 * const recommender = await createRecommender({ sessions: [["a", "b", "c"], ["b", "c", "d"]] });
 * recommender.next(["a", "b"])[0].item; // "c"
 */
export async function createRecommender(
  { sessions = [], items = [], embedder }: RecommenderData,
  options: RecommenderOptions = {},
): Promise<Recommender> {
  const { decay = 0.6, contentStrength = 2, penalty = 300 } = options;
  const catalog = new Catalog();
  for (const item of items) catalog.add(item);
  const isMap = sessions instanceof Map;
  const numbers = catalog.readSessions(
    isMap ? (sessions as ReadonlyMap<string, readonly string[]>).values() : (sessions as Iterable<readonly string[]>),
  );
  const users = isMap
    ? new Map([...sessions.keys()].map((user, i) => [String(user), numbers[i]]))
    : new Map<string, Int32Array>();
  const has = {
    sessions: numbers.some((session) => session.length > 1),
    content: embedder !== undefined && items.some(({ text }) => (text ?? "").trim() !== ""),
  };
  const weights = signalWeights(options.weights, has);
  const signals: Signal[] = [];
  const vectors = has.content ? await contentVectors(items, embedder!, { size: catalog.size, options }) : undefined;
  let map: Matrix | undefined;
  if (has.sessions && weights.sessions > 0) {
    const trained = await trainSessionVectors(numbers, options, {
      items: catalog.size,
      signal: options.signal,
      onProgress: (fraction) => options.onProgress?.({ stage: "train", fraction }),
    });
    const own = normalized(trained);
    map = vectors && fitContentMap(vectors, own, catalog.counts);
    const strength = nonNegative("contentStrength", contentStrength);
    const placed = map ? drawnToContent(own, vectors!, { map, counts: catalog.counts, strength }) : own;
    signals.push(new VectorSignal("sessions", placed));
  }
  if (vectors) signals.push(new VectorSignal("content", vectors));
  if (has.sessions && weights.linear > 0) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ stage: "fit", fraction: 0 });
    signals.push(fitLinearSignal(numbers, catalog.size, penalty));
  }
  const content = vectors && new ContentSpace(await probeModel(embedder!, undefined), map);
  return new Recommender({ catalog, signals, weights, decay: fraction("decay", decay), users, content });
}

function signalWeights(
  given: SignalWeights | undefined,
  has: { sessions: boolean; content: boolean },
): Record<SignalKind, number> {
  if (!has.sessions && !has.content)
    throw new SemspaceError(
      "invalid-argument",
      "There is nothing to learn from: pass sessions with at least two items, or items with texts and an embedder.",
    );
  const preset = { sessions: 1, content: has.sessions ? 0.1 : 1, linear: 0 };
  const unknown = Object.keys(given ?? {}).find((kind) => !(kind in preset));
  if (unknown !== undefined)
    throw new SemspaceError("invalid-argument", `Unknown weight ${shown(unknown)}. Use: sessions, content, linear.`);
  const weights = { ...preset, ...given };
  for (const [kind, weight] of Object.entries(weights)) nonNegative(`The weight of ${kind}`, weight);
  const sum = (has.sessions ? weights.sessions + weights.linear : 0) + (has.content ? weights.content : 0);
  if (sum > 0) return weights;
  throw new SemspaceError("invalid-argument", "All weights of what there is are 0. Give one of them more.");
}

async function contentVectors(
  items: readonly CatalogItem[],
  embedder: Encoder,
  { size, options: { signal, onProgress } }: { size: number; options: RecommenderOptions },
): Promise<Matrix> {
  const encoded = await encodeItems(items, embedder, {
    signal,
    onProgress: (done, total) => onProgress?.({ stage: "encode", fraction: done / total }),
  });
  // Items that only the sessions have come after those of the catalogue, and have no text.
  const vectors = Matrix.zeros(size, encoded.columns);
  vectors.data.set(encoded.data);
  return vectors;
}

function nonNegative(what: string, value: number): number {
  if (value >= 0 && value < Infinity) return value;
  throw new SemspaceError("invalid-argument", `${what} must be a number from 0 on, got ${value}.`);
}

function fraction(what: string, value: number): number {
  if (value >= 0 && value <= 1) return value;
  throw new SemspaceError("invalid-argument", `${what} must be from 0 to 1, got ${value}.`);
}
