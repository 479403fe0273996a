/** One lane of a word2vec training: takes blocks of the corpus until there are no more in this epoch. */
import { instantiateKernel } from "../../kernels/training-kernel.ts";
import { word2VecCode } from "../../kernels/word2vec-code.ts";
import { type IdPlace, openIds } from "../corpus/id-store.ts";
import type { Lane, LaneWork } from "../training/lane-tasks.ts";
import { BLOCK, readLoss, type Word2VecLayout } from "./word2vec-memory.ts";
import { blockSeed } from "../training/block-seed.ts";

/** What every lane gets first. */
export interface Word2VecSetup {
  layout: Word2VecLayout;
  corpus: IdPlace;
  seed: number;
  words: number;
}

/** Blocks of one epoch; the rate falls evenly from block to block. */
export interface Word2VecJob {
  type: "train";
  epoch: number;
  /** The rate of block 0 of the epoch, and what it loses with every block. */
  rate: number;
  step: number;
  lowest: number;
  /** Of a deterministic training: lane i takes `size` blocks from `first + i × size` on. Else whichever block is next. */
  round?: { first: number; size: number };
}

/** Bring the lanes' vectors together; each lane does its share of the rows. */
interface MergeJob {
  type: "merge";
}

interface Word2VecKernel {
  trainBlock(
    ...places: [parameters: number, ids: number, count: number, rate: number, low: number, high: number]
  ): void;
  mergeRows(
    ...places: [
      common: number,
      lanes: number,
      count: number,
      stride: number,
      from: number,
      to: number,
      rowBytes: number,
    ]
  ): void;
}

export async function word2VecLane({ index, lanes, memory, control, setup }: Lane): Promise<LaneWork> {
  const { layout, corpus, seed } = setup as Word2VecSetup;
  const { parameters, ids: idsAt } = layout.lanes[index];
  const kernel = await instantiateKernel<Word2VecKernel>(word2VecCode, memory);
  const ids = new Int32Array(memory.buffer, idsAt, BLOCK);
  const blocks = Math.ceil(corpus.length / BLOCK);

  const train = async ({ epoch, rate, step, lowest, round }: Word2VecJob): Promise<void> => {
    const reader = await openIds(corpus);
    let own = round ? round.first + index * round.size : 0;
    const end = round ? Math.min(blocks, own + round.size) : blocks;
    try {
      while (!control.stopped) {
        const block = round ? own : control.takeBlock();
        own += 1;
        if (block >= end) break;
        const count = await reader.read(block * BLOCK, ids);
        const [low, high] = blockSeed(seed, epoch * blocks + block);
        kernel.trainBlock(parameters, idsAt, count, Math.max(lowest, rate - step * block), low, high);
        control.add(index, { done: wordsIn(ids, count), ...readLoss(memory, parameters) });
        await control.pause();
        // The rounds of a deterministic training are always finished.
        if (control.halted && !round) break;
      }
    } finally {
      await reader.close();
    }
  };

  const merge = (): void => {
    const rows = layout.matricesBytes / layout.rowBytes;
    const from = Math.floor((rows * index) / lanes);
    const to = Math.floor((rows * (index + 1)) / lanes);
    const [first, second] = layout.lanes;
    const stride = second.matrices - first.matrices;
    kernel.mergeRows(layout.matrices, first.matrices, lanes, stride, from, to, layout.rowBytes);
  };

  return async (job) => {
    const { type } = job as Word2VecJob | MergeJob;
    if (type === "merge") merge();
    else await train(job as Word2VecJob);
  };
}

function wordsIn(ids: Int32Array, count: number): number {
  let words = 0;
  for (let i = 0; i < count; i += 1) words += Number(ids[i] >= 0);
  return words;
}
