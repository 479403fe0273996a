/**
 * Texts that say nearly the same, found in one pass over a stream with memory for the vectors only (see sign-index.ts): every pair, or only
 * what repeats something that was kept before. Texts that are equal are found by a hash of their content and embedded once.
 */
import { SemspaceError, shown } from "../../errors.ts";
import { contentKey } from "../../search/content-key.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { SignIndex } from "./sign-index.ts";
import { textBatches, type TextSource } from "./text-batches.ts";

export interface NearDuplicateOptions {
  /** Cosine from which on two texts are near-duplicates, 0.7 … 1; the lower, the more must be compared. Default 0.95. */
  threshold?: number;
  /** Share of the pairs at exactly the threshold that is found, 0 … 0.9999; nearer pairs are found more often. Default 0.98. */
  recall?: number;
  /** Default 42. */
  seed?: number;
  /** Called with the number of texts done; the total is undefined for a stream. */
  onProgress?: (done: number, total: number | undefined) => void;
  signal?: AbortSignal;
}

/** Text `index` is near to text `of`, which came before it. */
export interface NearDuplicate {
  index: number;
  of: number;
  /** The cosine of their vectors; 1 for equal texts. */
  similarity: number;
}

/** What became of a text. */
export interface Verdict {
  readonly index: number;
  readonly text: string;
  /** The nearest text that was kept before; undefined for a text that is kept. */
  readonly duplicate?: NearDuplicate;
}

const LEAST_THRESHOLD = 0.7;

/**
 * All pairs of near-duplicates, batch by batch in the order of their second text. A group of n equal texts has n(n − 1)/2 of them: to
 * remove duplicates, `deduplicate` is what you want. Throws `invalid-argument` for a threshold or a recall out of range.
 */
export async function* nearDuplicates(
  texts: TextSource,
  embedder: Embedder,
  options: NearDuplicateOptions = {},
): AsyncGenerator<NearDuplicate[], void, undefined> {
  const index = openIndex(embedder, options);
  for await (const { texts: batch, done, total } of textBatches(texts, options)) {
    const vectors = await embedder.encode(batch, { ...(options.signal && { signal: options.signal }) });
    const pairs: NearDuplicate[] = [];
    for (let i = 0; i < batch.length; i += 1) {
      const matches = index.find(vectors.row(i)).toSorted((a, b) => a.row - b.row);
      const own = index.addFound();
      for (const { row, similarity } of matches) pairs.push({ index: own, of: row, similarity });
    }
    options.onProgress?.(done, total);
    yield pairs;
  }
}

/**
 * Keeps the first of each group of near-duplicates: what became of each text, batch by batch, in order. A text is compared with those
 * that were kept, so that a chain of small changes is cut where it leaves the first text.
 */
export async function* deduplicateStream(
  texts: TextSource,
  embedder: Embedder,
  options: NearDuplicateOptions = {},
): AsyncGenerator<Verdict[], void, undefined> {
  const index = openIndex(embedder, options);
  const firsts = new Map<number, number>(); // content key → the text, or what it repeats
  const kept: number[] = []; // by row of the index
  for await (const batch of embeddedBatches(texts, { embedder, options, known: firsts })) {
    const verdicts: Verdict[] = [];
    for (const [i, text] of batch.texts.entries()) {
      const own = batch.from + i;
      const row = batch.rows[i];
      if (row === -1) {
        verdicts.push({ index: own, text, duplicate: { index: own, of: firsts.get(batch.keys[i])!, similarity: 1 } });
        continue;
      }
      const best = nearest(index.find(batch.vectors.row(row)));
      if (best) {
        firsts.set(batch.keys[i], kept[best.row]);
        verdicts.push({ index: own, text, duplicate: { index: own, of: kept[best.row], similarity: best.similarity } });
      } else {
        firsts.set(batch.keys[i], own);
        index.addFound();
        kept.push(own);
        verdicts.push({ index: own, text });
      }
    }
    options.onProgress?.(batch.done, batch.total);
    yield verdicts;
  }
}

export interface Deduplicated {
  /** Positions of the texts that stay, ascending. */
  kept: Int32Array;
  /** The others, each with the text that it repeats. */
  duplicates: NearDuplicate[];
}

/**
 * Removes near-duplicates and keeps the first of each group; see {@link deduplicateStream} for texts that do not fit into memory.
 *
 * @example
 * const { kept, duplicates } = await deduplicate(texts, await loadEmbedder(), { threshold: 0.9 });
 * const clean = Array.from(kept, (i) => texts[i]);
 */
export async function deduplicate(
  texts: TextSource,
  embedder: Embedder,
  options: NearDuplicateOptions = {},
): Promise<Deduplicated> {
  const kept: number[] = [];
  const duplicates: NearDuplicate[] = [];
  for await (const verdicts of deduplicateStream(texts, embedder, options)) {
    for (const { index, duplicate } of verdicts) {
      if (duplicate) duplicates.push(duplicate);
      else kept.push(index);
    }
  }
  return { kept: Int32Array.from(kept), duplicates };
}

function openIndex(
  embedder: Embedder,
  { threshold = 0.95, recall = 0.98, seed = 42 }: NearDuplicateOptions,
): SignIndex {
  if (!(threshold >= LEAST_THRESHOLD && threshold <= 1)) {
    const message = `threshold must be a cosine from ${LEAST_THRESHOLD} to 1, got ${shown(threshold)}. Use paraphraseMining for less alike pairs.`;
    throw new SemspaceError("invalid-argument", message);
  }
  if (!(recall > 0 && recall <= 0.9999))
    throw new SemspaceError("invalid-argument", `recall must be above 0 and at most 0.9999, got ${shown(recall)}.`);
  return new SignIndex({ dimensions: embedder.dimensions, threshold, recall, seed });
}

function nearest(
  matches: readonly { row: number; similarity: number }[],
): { row: number; similarity: number } | undefined {
  let best: { row: number; similarity: number } | undefined;
  for (const match of matches) {
    if (!best || match.similarity > best.similarity || (match.similarity === best.similarity && match.row < best.row))
      best = match;
  }
  return best;
}

interface EmbeddedBatch {
  texts: readonly string[];
  /** Position of the first text. */
  from: number;
  keys: readonly number[];
  /** The row of each text's vector; −1 for a text that came before. */
  rows: Int32Array;
  vectors: Awaited<ReturnType<typeof embedBatch>>;
  done: number;
  total: number | undefined;
}

interface BatchJob {
  embedder: Embedder;
  options: NearDuplicateOptions;
  known: ReadonlyMap<number, number>;
}

/** The next batch is embedded, in threads where the embedder has some, while this one is compared. */
async function* embeddedBatches(texts: TextSource, job: BatchJob): AsyncGenerator<EmbeddedBatch, void, undefined> {
  const source = textBatches(texts, job.options);
  const waiting = new Set<number>(); // keys that are in the batch before
  const take = async (): Promise<EmbeddedBatch | undefined> => {
    const { value, done } = await source.next();
    if (done) return undefined;
    const keys = value.texts.map(contentKey);
    const rows = new Int32Array(keys.length).fill(-1);
    const fresh: string[] = [];
    const before = new Set(waiting);
    waiting.clear();
    for (const [i, key] of keys.entries()) {
      if (job.known.has(key) || before.has(key) || waiting.has(key)) continue;
      waiting.add(key);
      rows[i] = fresh.length;
      fresh.push(value.texts[i]);
    }
    const vectors = await embedBatch(fresh, job);
    const from = value.done - value.texts.length;
    return { texts: value.texts, from, keys, rows, vectors, done: value.done, total: value.total };
  };
  let next = take();
  try {
    for (;;) {
      const batch = await next;
      if (!batch) return;
      next = take();
      yield batch;
    }
  } finally {
    await next.catch(() => undefined);
  }
}

function embedBatch(texts: readonly string[], { embedder, options }: BatchJob) {
  return embedder.encode(texts, { ...(options.signal && { signal: options.signal }) });
}
