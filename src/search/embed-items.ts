/** Items of an index to entries of its store: ids are given, texts become vectors, those that a cache knows are not embedded again. */
import { SemspaceError, shown } from "../errors.ts";
import type { Embedder } from "../texts/embedder.ts";
import { contentKey } from "./content-key.ts";
import type { AddOptions, IndexObject } from "./index-options.ts";
import { encodeDirection } from "./quantized-vectors.ts";
import type { VectorCache } from "./vector-cache.ts";

/** Texts that are embedded at once. */
const BATCH = 2048;
/** Milliseconds of embedding after which the cache is saved, so that little is lost when the program is ended. */
const SAVE_EVERY = 20_000;

const NONE: Float32Array = new Float32Array(0);

/** What is embedded and searched by words. */
export function textOf(item: IndexObject): string | undefined {
  return item.heading ? `${item.heading}\n${item.text ?? ""}` : item.text;
}

/** Throws `invalid-argument` that names the item. */
export function checkedItems(items: unknown): IndexObject[] {
  if (!Array.isArray(items))
    throw wrong(
      `Items must be an array of texts or of objects with a text, got ${shown(items)}. Put one text into an array too.`,
    );
  return (items as unknown[]).map((item, i) => {
    const object = (typeof item === "string" ? { text: item } : Object(item ?? {})) as Record<string, unknown>;
    const { id, text, heading, vector } = object;
    const problem =
      typeof text !== "string" && !(text === undefined && vector !== undefined)
        ? "a text or an object with a string text"
        : heading !== undefined && typeof heading !== "string"
          ? "with a heading that is a string or left out"
          : id !== undefined && (typeof id !== "string" || id === "")
            ? "with an id that is a string, not empty, or left out"
            : undefined;
    if (problem) throw wrong(`Item ${i} must be ${problem}, got ${shown(item)}.`);
    return object;
  });
}

/** The vectors of texts, in order. Equal texts are embedded once. */
export async function vectorsOf(
  texts: readonly string[],
  { embedder, cache, onProgress, signal }: AddOptions & { embedder: Embedder; cache: VectorCache | undefined },
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = Array.from(texts, () => NONE);
  const missing = new Map<number, number[]>(); // key → its positions
  let done = 0;
  for (const [i, text] of texts.entries()) {
    const key = contentKey(text);
    const known = cache?.get(key);
    if (known) {
      vectors[i] = Float32Array.from(known);
      done += 1;
      continue;
    }
    const positions = missing.get(key);
    if (positions) positions.push(i);
    else missing.set(key, [i]);
  }
  const queue = [...missing];
  let saved = Date.now();
  for (let at = 0; at < queue.length; at += BATCH) {
    onProgress?.(done, texts.length);
    const batch = queue.slice(at, at + BATCH);
    const within = (fraction: { done: number }): void => onProgress?.(done + fraction.done, texts.length);
    const first = batch.map(([, [position]]) => texts[position]);
    const matrix = await embedder.encodeDocument(first, { progress: within, ...(signal && { signal }) });
    for (const [row, [key, positions]] of batch.entries()) {
      const vector = matrix.row(row).slice();
      for (const position of positions) vectors[position] = vector;
      cache?.set(key, encodeDirection(vector));
      done += positions.length;
    }
    if (Date.now() - saved > SAVE_EVERY) {
      await cache?.save();
      saved = Date.now();
    }
  }
  onProgress?.(done, texts.length);
  await cache?.save();
  return vectors;
}

function wrong(message: string): SemspaceError {
  return new SemspaceError("invalid-argument", message);
}
