/**
 * One lane of a co-occurrence count. It counts words of a segment and keeps their cells as sorted runs; when all segments are
 * counted, it brings the runs together tile by tile (512 × 512 words), shuffles each tile and keeps it.
 */
import { gloveCode } from "../../kernels/glove-code.ts";
import { instantiateKernel } from "../../kernels/training-kernel.ts";
import { type IdPlace, type IdReader, IdStore, openIds } from "../corpus/id-store.ts";
import type { Lane, LaneWork } from "../training/lane-tasks.ts";
import { BLOCK_ROWS, ChunkList } from "./cells.ts";
import type { CountLayout, CountShape } from "./count-memory.ts";
import { mixSeed } from "./random.ts";
import { RunReader } from "./run-reader.ts";

/** What every lane gets first. */
export interface CountSetup {
  shape: CountShape;
  layout: CountLayout;
  /** Bytes of runs, and of tiles, from which on they go to a file. */
  limit: number;
  /** For each lane an empty temporary file for its runs and one for its tiles; none where there are no files. */
  files: readonly (readonly [runs: string, tiles: string])[];
  seed: number;
}

export type CountJob =
  /** Words `units[i] … units[i + 1]`, of one block of rows, for the next i. */
  | { type: "count"; units: Uint32Array }
  /** Ends the runs. */
  | { type: "seal" }
  | { type: "merge"; runs: readonly CellRun[]; places: readonly IdPlace[] };

/** Cells of one block of rows, sorted by block of columns. */
export interface CellRun {
  unit: number;
  store: number;
  block: number;
  /** The first cell in its store. */
  first: number;
  /** Where each block of columns ends, from `first` on. */
  ends: Uint32Array;
}

export interface MergedTiles {
  place: IdPlace;
  fields: readonly number[];
  cells: number;
}

interface CountKernel {
  countWord(...values: [parameters: number, places: number, count: number, localRow: number, out: number]): number;
  sortCells(...values: [from: number, count: number, to: number, ends: number, blocks: number]): void;
  addCells(...values: [cells: number, count: number, sums: number, keys: number, known: number]): number;
  takeCells(...values: [out: number, sums: number, keys: number, known: number]): void;
  shuffleCells(...values: [cells: number, count: number, low: number, high: number]): void;
}

export async function countLane(lane: Lane): Promise<LaneWork> {
  const setup = lane.setup as CountSetup;
  const kernel = await instantiateKernel<CountKernel>(gloveCode, lane.memory);
  const runs = new IdStore(setup.limit, setup.files[lane.index]?.[0]);
  const tiles = new IdStore(setup.limit, setup.files[lane.index]?.[1]);
  let told = 0;
  const spilled = (): number => {
    const before = told;
    told = runs.spilled + tiles.spilled;
    return told - before;
  };
  const tools = { lane, setup, kernel, spilled };
  return async (message) => {
    const job = message as CountJob;
    switch (job.type) {
      case "count":
        return countUnits(job.units, { ...tools, runs });
      case "seal":
        await runs.seal();
        lane.control.add(lane.index, { done: 0, losses: 0, loss: spilled() });
        return runs.place();
      case "merge":
        try {
          return await mergeBlocks(job, { ...tools, tiles });
        } finally {
          await Promise.all([runs.close(), tiles.close()]);
        }
    }
  };
}

interface CountTools {
  lane: Lane;
  setup: CountSetup;
  kernel: CountKernel;
  /** Bytes written to files since it was last asked. */
  spilled: () => number;
}

/** Counts unit after unit until there are no more. */
async function countUnits(units: Uint32Array, tools: CountTools & { runs: IdStore }): Promise<CellRun[]> {
  const { lane, setup, kernel, runs } = tools;
  const { shape, layout } = setup;
  const { parameters, cells, sorted, ends: endsAt } = layout.lanes[lane.index];
  const { buffer } = lane.memory;
  const starts = new Uint32Array(buffer, layout.starts, shape.words + 1);
  const ends = new Uint32Array(buffer, endsAt, layout.blocks);
  const found: CellRun[] = [];
  let used = 0;
  let told = runs.length / 2;
  const flush = async (unit: number, block: number): Promise<void> => {
    if (used === 0) return;
    ends.fill(0);
    kernel.sortCells(cells, used, sorted, endsAt, layout.blocks);
    found.push({ unit, store: lane.index, block, first: runs.length / 2, ends: new Uint32Array(ends) });
    await runs.append(new Int32Array(buffer, sorted, used * 2));
    used = 0;
  };
  while (!lane.control.stopped) {
    const unit = lane.control.takeBlock();
    if (unit + 1 >= units.length) break;
    const block = Math.floor(units[unit] / BLOCK_ROWS);
    for (let word = units[unit]; word < units[unit + 1]; word += 1) {
      const count = starts[word + 1] - starts[word];
      if (count === 0) continue;
      if (used + Math.min(shape.words, 2 * shape.window * count) > layout.room) await flush(unit, block);
      const places = layout.places + starts[word] * 4;
      used += kernel.countWord(parameters, places, count, word % BLOCK_ROWS, cells + used * 8);
    }
    await flush(unit, block);
    const written = runs.length / 2;
    const done = starts[units[unit + 1]] - starts[units[unit]];
    lane.control.add(lane.index, { done, losses: written - told, loss: tools.spilled() });
    told = written;
    await lane.control.pause();
  }
  return found;
}

/** Brings the runs of block after block together until there are no more. */
async function mergeBlocks(
  { runs, places }: CountJob & { type: "merge" },
  tools: CountTools & { tiles: IdStore },
): Promise<MergedTiles> {
  const { lane, setup, tiles } = tools;
  const chunks = new ChunkList(lane.index);
  const stores = await Promise.all(places.map((place) => openIds(place)));
  try {
    while (!lane.control.stopped) {
      const block = lane.control.takeBlock();
      if (block >= setup.layout.blocks) break;
      const own = runs.filter((run) => run.block === block);
      const before = tiles.length / 2;
      await mergeBlock(block, { ...tools, own, stores, chunks });
      const done = own.reduce((sum, { ends }) => sum + ends[ends.length - 1], 0);
      lane.control.add(lane.index, { done, losses: tiles.length / 2 - before, loss: tools.spilled() });
      await lane.control.pause();
    }
    await tiles.seal();
    lane.control.add(lane.index, { done: 0, losses: 0, loss: tools.spilled() });
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
  return { place: tiles.place(), fields: chunks.fields, cells: tiles.length / 2 };
}

async function mergeBlock(
  block: number,
  tools: CountTools & { own: readonly CellRun[]; stores: readonly IdReader[]; chunks: ChunkList; tiles: IdStore },
): Promise<void> {
  const { lane, setup, kernel, own, stores, chunks, tiles } = tools;
  const { sums, touched, cells, sorted } = setup.layout.lanes[lane.index];
  const readers = own.map((run) => new RunReader(stores[run.store], run));
  const room = new Int32Array(lane.memory.buffer, cells, setup.layout.room * 2);
  for (let column = 0; column < setup.layout.blocks; column += 1) {
    let known = 0;
    for (const reader of readers) {
      for (let left = reader.count(column); left > 0;) {
        const count = Math.min(left, setup.layout.room);
        await reader.read(room.subarray(0, count * 2));
        known = kernel.addCells(cells, count, sums, touched, known);
        left -= count;
      }
    }
    if (known === 0) continue;
    kernel.takeCells(sorted, sums, touched, known);
    const [low, high] = mixSeed(setup.seed, block, column);
    kernel.shuffleCells(sorted, known, low, high);
    chunks.addTile(block, tiles.length / 2, known);
    await tiles.append(new Int32Array(lane.memory.buffer, sorted, known * 2));
  }
}
