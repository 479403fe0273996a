/** One lane of a GloVe training: takes chunks of cells, in a random order of the epoch's own, until there are no more. */
import { gloveCode } from "../../kernels/glove-code.ts";
import { instantiateKernel } from "../../kernels/training-kernel.ts";
import { type IdReader, openIds } from "../corpus/id-store.ts";
import type { Lane, LaneWork } from "../training/lane-tasks.ts";
import { BLOCK_ROWS, type CellChunks, CHUNK, CHUNK_FIELDS } from "./cells.ts";
import type { GloveLayout } from "./glove-memory.ts";
import { mixSeed, permutation } from "./random.ts";

/** What every lane gets first. */
export interface GloveSetup {
  layout: GloveLayout;
  chunks: CellChunks;
  seed: number;
  words: number;
  /** How strongly words are held near their given vectors; 0 where none are given. */
  mu: number;
}

export interface GloveKernel {
  /** Fisher-Yates. */
  shuffleCells(...values: [cells: number, count: number, low: number, high: number]): void;
  /** One step for each cell, in order; gives the sum of the costs before each step. */
  trainCells(...values: [parameters: number, cells: number, count: number, firstRow: number]): number;
  /** One step of rows towards their given vectors. */
  pullWords(...values: [parameters: number, firstRow: number, count: number, share: number]): void;
}

/** The job is the number of the epoch. */
export async function gloveLane({ index, memory, control, setup }: Lane): Promise<LaneWork> {
  const { layout, chunks, seed, words, mu } = setup as GloveSetup;
  const { fields, places } = chunks;
  const kernel = await instantiateKernel<GloveKernel>(gloveCode, memory);
  const at = layout.cells[index];
  const cells = new Int32Array(memory.buffer, at, CHUNK * 2);
  const total = fields.length / CHUNK_FIELDS;
  const chunksOf = new Uint32Array(Math.ceil(words / BLOCK_ROWS));
  for (let chunk = 0; chunk < total; chunk += 1) chunksOf[fields[chunk * CHUNK_FIELDS + 3]] += 1;
  const trainChunks = async (epoch: number, stores: readonly IdReader[]): Promise<void> => {
    const order = permutation(total, mixSeed(seed, epoch, total)[0]);
    while (!control.stopped) {
      const next = control.takeBlock();
      if (next >= total) break;
      const chunk = order[next] * CHUNK_FIELDS;
      const [store, first, count, block] = fields.subarray(chunk, chunk + CHUNK_FIELDS);
      await stores[store].read(first * 2, cells.subarray(0, count * 2));
      const [low, high] = mixSeed(seed, epoch, order[next]);
      kernel.shuffleCells(at, count, low, high);
      if (mu > 0) {
        const firstRow = block * BLOCK_ROWS;
        kernel.pullWords(layout.parameters, firstRow, Math.min(BLOCK_ROWS, words - firstRow), mu / chunksOf[block]);
      }
      const loss = kernel.trainCells(layout.parameters, at, count, block * BLOCK_ROWS);
      control.add(index, { done: count, loss, losses: count });
      await control.pause();
    }
  };
  return async (job) => {
    const stores = await Promise.all(places.map((place) => openIds(place)));
    try {
      await trainChunks(job as number, stores);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  };
}
