/** Brings a corpus into the counting memory, segment by segment: its ids, and for each word the places where it stands. */
import { type EncodedCorpus, LINE_END } from "../corpus/encode-corpus.ts";
import { BLOCK_ROWS } from "./cells.ts";
import type { CountLayout, CountShape } from "./count-memory.ts";

/** Units of work that each lane has at least, so that all end at about the same time. */
const UNITS = 24;

export interface SegmentMemory {
  shape: CountShape;
  layout: CountLayout;
  memory: WebAssembly.Memory;
  lanes: number;
}

/** Calls `count` for every segment, with the borders of the units of words. A word's neighbours may lie in the next segment. */
export async function eachSegment(
  corpus: EncodedCorpus,
  { shape, layout, memory, lanes }: SegmentMemory,
  count: (units: Uint32Array) => Promise<void>,
): Promise<void> {
  const { words, segment, window } = shape;
  const ids = new Int32Array(memory.buffer, layout.ids, segment + 2 * window);
  const starts = new Uint32Array(memory.buffer, layout.starts, words + 1);
  const places = new Uint32Array(memory.buffer, layout.places, segment);
  const reader = await corpus.open();
  try {
    for (let from = 0; from < corpus.length; from += segment) {
      const to = Math.min(corpus.length, from + segment);
      ids.fill(LINE_END);
      const before = Math.min(from, window);
      const part = ids.subarray(window - before, window + Math.min(corpus.length, to + window) - from);
      await reader.read(from - before, part);
      indexPlaces(ids.subarray(0, window + to - from), { first: window, starts, places });
      await count(unitsOf(starts, lanes));
    }
  } finally {
    await reader.close();
  }
}

/** Counting sort of the places `first …` by their word. */
function indexPlaces(
  ids: Int32Array,
  { first, starts, places }: { first: number; starts: Uint32Array; places: Uint32Array },
): void {
  starts.fill(0);
  for (let i = first; i < ids.length; i += 1) if (ids[i] >= 0) starts[ids[i] + 1] += 1;
  for (let word = 1; word < starts.length; word += 1) starts[word] += starts[word - 1];
  const next = starts.slice();
  for (let i = first; i < ids.length; i += 1) {
    const id = ids[i];
    if (id < 0) continue;
    places[next[id]] = i;
    next[id] += 1;
  }
}

/** Where units of words begin: each within a block of rows, and of about the same work. */
function unitsOf(starts: Uint32Array, lanes: number): Uint32Array {
  const words = starts.length - 1;
  const most = starts[words] / (lanes * UNITS);
  const units = [0];
  for (let word = 1; word < words; word += 1) {
    if (word % BLOCK_ROWS === 0 || starts[word + 1] - starts[units[units.length - 1]] > most) units.push(word);
  }
  return Uint32Array.from([...units, words]);
}
