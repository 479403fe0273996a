/**
 * How often words stand near each other: GloVe's counts (cooccur.c), of a corpus of any length in bounded memory.
 *
 * What differs from cooccur.c: the text is cut into segments that fit into memory; for each word its places in the segment are
 * looked up and the weights around them summed in a dense row of float64. Counts are kept as float32, in tiles of 512 × 512
 * words, not in one sorted list.
 */
import { temporaryFile } from "#platform";
import { SemspaceError, wholeNumber } from "../../errors.ts";
import type { TemporaryFile } from "../../platform/platform.ts";
import type { EncodedCorpus } from "../corpus/encode-corpus.ts";
import { type IdPlace, openIds } from "../corpus/id-store.ts";
import type { Vocabulary } from "../corpus/vocabulary.ts";
import { type LaneGroup, startLanes } from "../training/lanes.ts";
import { BLOCK_ROWS, type CellChunks, CHUNK, CHUNK_FIELDS, COLUMN_BITS, MOST_WORDS, sortChunks } from "./cells.ts";
import type { CellRun, CountJob, CountSetup, MergedTiles } from "./count-lane.ts";
import { type CountProgress, CountReport } from "./count-progress.ts";
import { countLayout, type CountShape, fillCountMemory } from "./count-memory.ts";
import { eachSegment } from "./segments.ts";

const MEMORY = 80 << 20;
/** Fewer ids are not worth a segment. */
const LEAST_SEGMENT = 256;

export interface CountOptions {
  /** Words on each side. Default 10. */
  window?: number;
  /** Count the words on both sides; false: only those to the right of a row's word. Default true. */
  symmetric?: boolean;
  /** A neighbour at distance d counts 1 / d; false: 1. Default true. */
  distanceWeighting?: boolean;
  /** Lanes that count at once. Default 1. */
  threads?: number;
  /** Shuffles the cells. Default 1. */
  seed?: number;
  /** Bytes for the text and the cells in memory; beyond it they are in temporary files where this runtime has them. Default 80 MB. */
  memoryLimit?: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: CountProgress) => void) | undefined;
}

/** Cells as columns: word `rows[i]` stood near word `columns[i]` with the weight `values[i]`. */
export interface CellBatch {
  rows: Uint32Array;
  columns: Uint32Array;
  values: Float32Array;
}

/** Counted co-occurrences. `dispose()` removes their temporary files. */
export interface Cooccurrences {
  readonly vocabulary: Vocabulary;
  /** Pairs of words that were near each other; (a, b) and (b, a) are two. */
  readonly cells: number;
  readonly chunks: CellChunks;
  /** All cells, some thousand at a time, in no particular order. */
  read(): AsyncGenerator<CellBatch>;
  dispose(): Promise<void>;
}

/**
 * Counts co-occurrences within lines. Words that the vocabulary does not have are passed over as if they were not there, as in
 * cooccur.c. The result is the same for any number of threads; with another memoryLimit it differs by the rounding of float32.
 * Throws `invalid-argument` when no two words are near each other; rejects with the signal's reason when aborted.
 *
 * @example
 * const corpus = await encodeCorpus(["the cat sat", "the dog sat"], { minCount: 1 });
 * const counts = await countCooccurrences(corpus, { window: 2 });
 * for await (const { rows, columns, values } of counts.read()) console.log(rows[0], columns[0], values[0]);
 */
export async function countCooccurrences(corpus: EncodedCorpus, options: CountOptions = {}): Promise<Cooccurrences> {
  const { memoryLimit = MEMORY, threads = 1, seed = 1, signal, onProgress } = options;
  const { vocabulary } = corpus;
  if (vocabulary.size > MOST_WORDS) {
    const message = `${vocabulary.size} words are more than the ${MOST_WORDS} that GloVe can count here. Use a larger minCount or maxVocabulary.`;
    throw new SemspaceError("invalid-argument", message);
  }
  const shape: CountShape = {
    words: vocabulary.size,
    segment: Math.min(corpus.length, Math.max(LEAST_SEGMENT, Math.floor(memoryLimit / 16))),
    window: wholeNumber("window", options.window ?? 10, 1),
    symmetric: options.symmetric ?? true,
    distanceWeighting: options.distanceWeighting ?? true,
    lanes: wholeNumber("threads", threads, 1),
  };
  const files = await laneFiles(shape.lanes);
  const used = new Set<string>();
  let counted: readonly MergedTiles[] = [];
  try {
    counted = await inLanes(shape, {
      corpus,
      memoryLimit,
      seed,
      signal,
      onProgress,
      files: files.map(([a, b]) => [a.path, b.path]),
    });
  } finally {
    for (const { place } of counted) if (place.path !== undefined) used.add(place.path);
    await removeFiles(files.flat().filter(({ path }) => !used.has(path)));
  }
  const chunks = { places: counted.map(({ place }) => place), fields: sortChunks(counted.map(({ fields }) => fields)) };
  const result: Cooccurrences = {
    ...{ vocabulary, chunks, cells: counted.reduce((sum, { cells }) => sum + cells, 0) },
    read: () => readCells(chunks),
    dispose: () => removeFiles(files.flat().filter(({ path }) => used.has(path))),
  };
  if (result.cells > 0) return result;
  await result.dispose();
  throw new SemspaceError("invalid-argument", "No two words of the corpus are near each other. Is it one word a line?");
}

/** The lanes' temporary files, made here so that they are removed when this process ends, however it ends. */
async function laneFiles(lanes: number): Promise<[runs: TemporaryFile, tiles: TemporaryFile][]> {
  const files: [TemporaryFile, TemporaryFile][] = [];
  for (let lane = 0; lane < lanes; lane += 1) {
    const [runs, tiles] = [await temporaryFile(), await temporaryFile()];
    if (runs && tiles) files.push([runs, tiles]);
  }
  return files;
}

async function removeFiles(files: readonly TemporaryFile[]): Promise<void> {
  await Promise.all(files.map((file) => file.remove()));
}

interface CountInput {
  corpus: EncodedCorpus;
  memoryLimit: number;
  seed: number;
  signal: AbortSignal | undefined;
  onProgress: CountOptions["onProgress"];
  files: CountSetup["files"];
}

async function inLanes(
  shape: CountShape,
  { corpus, memoryLimit, seed, signal, onProgress, files }: CountInput,
): Promise<readonly MergedTiles[]> {
  signal?.throwIfAborted();
  const layout = countLayout(shape);
  const group = await startLanes(shape.lanes, {
    task: "glove-count",
    bytes: layout.bytes,
    prepare: (memory, lanes): CountSetup => {
      fillCountMemory(memory, { shape, layout });
      return { shape, layout, seed, files, limit: memoryLimit / 4 / lanes };
    },
  });
  const stop = (): void => group.control.stop();
  signal?.addEventListener("abort", stop);
  const report = new CountReport(group.control, corpus.tokens, onProgress);
  try {
    const counted = await countAndMerge(group, report, async (count) => {
      await eachSegment(corpus, { shape, layout, memory: group.memory, lanes: group.lanes }, async (units) => {
        await count(units);
        signal?.throwIfAborted();
      });
    });
    signal?.throwIfAborted();
    return counted;
  } finally {
    report.end();
    signal?.removeEventListener("abort", stop);
    await group.end();
  }
}

/** `segments` calls what it gets for every segment. */
async function countAndMerge(
  group: LaneGroup,
  report: CountReport,
  segments: (count: (units: Uint32Array) => Promise<void>) => Promise<void>,
): Promise<MergedTiles[]> {
  group.control.begin();
  const send = async (job: CountJob): Promise<unknown[]> => {
    const results = await group.run(job);
    report.jobDone();
    return results;
  };
  const runs: CellRun[] = [];
  await segments(async (units) => {
    const found = (await send({ type: "count", units })) as CellRun[][];
    // In the order of the text's words, whichever lane has counted them.
    runs.push(...found.flat().sort((a, b) => a.unit - b.unit));
  });
  const places = (await send({ type: "seal" })) as IdPlace[];
  report.merging();
  const merged = (await send({ type: "merge", runs, places })) as MergedTiles[];
  report.done();
  return merged;
}

async function* readCells({ places, fields }: CellChunks): AsyncGenerator<CellBatch> {
  const stores = await Promise.all(places.map((place) => openIds(place)));
  const cells = new Int32Array(CHUNK * 2);
  const bits = new Float32Array(cells.buffer);
  try {
    for (let at = 0; at < fields.length; at += CHUNK_FIELDS) {
      const [store, first, count, block] = fields.subarray(at, at + CHUNK_FIELDS);
      await stores[store].read(first * 2, cells.subarray(0, count * 2));
      const batch = { rows: new Uint32Array(count), columns: new Uint32Array(count), values: new Float32Array(count) };
      for (let i = 0; i < count; i += 1) {
        batch.rows[i] = block * BLOCK_ROWS + (cells[i * 2] >>> COLUMN_BITS);
        batch.columns[i] = cells[i * 2] & (MOST_WORDS - 1);
        batch.values[i] = bits[i * 2 + 1];
      }
      yield batch;
    }
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}
