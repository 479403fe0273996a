/** One lane of a word2vec training: takes blocks of the corpus until there are no more in this epoch. */
import { instantiateKernel } from "../../kernels/training-kernel.ts";
import { word2VecCode } from "../../kernels/word2vec-code.ts";
import { type IdPlace, openIds } from "../corpus/id-store.ts";
import type { Lane, LaneWork } from "../training/lane-tasks.ts";
import { BLOCK, readLoss, type Word2VecLayout } from "./word2vec-memory.ts";

/** What every lane gets first. */
export interface Word2VecSetup {
  layout: Word2VecLayout;
  corpus: IdPlace;
  seed: number;
}

/** Blocks `from … to` of the corpus; the rate falls evenly from block to block. */
export interface Word2VecJob {
  epoch: number;
  /** The rate of block 0 of the epoch, and what it loses with every block. */
  rate: number;
  step: number;
  lowest: number;
}

interface Word2VecKernel {
  trainBlock(
    ...places: [parameters: number, ids: number, count: number, rate: number, low: number, high: number]
  ): void;
}

export async function word2VecLane({ index, memory, control, setup }: Lane): Promise<LaneWork> {
  const { layout, corpus, seed } = setup as Word2VecSetup;
  const { parameters, ids: idsAt } = layout.lanes[index];
  const kernel = await instantiateKernel<Word2VecKernel>(word2VecCode, memory);
  const reader = await openIds(corpus);
  const ids = new Int32Array(memory.buffer, idsAt, BLOCK);
  const blocks = Math.ceil(corpus.length / BLOCK);
  return async (job) => {
    const { epoch, rate, step, lowest } = job as Word2VecJob;
    while (!control.stopped) {
      const block = control.takeBlock();
      if (block >= blocks) break;
      const count = await reader.read(block * BLOCK, ids);
      const [low, high] = blockSeed(seed, epoch * blocks + block);
      kernel.trainBlock(parameters, idsAt, count, Math.max(lowest, rate - step * block), low, high);
      control.add(index, { done: wordsIn(ids, count), ...readLoss(memory, parameters) });
      await control.pause();
    }
  };
}

function wordsIn(ids: Int32Array, count: number): number {
  let words = 0;
  for (let i = 0; i < count; i += 1) words += Number(ids[i] >= 0);
  return words;
}

/** Every block draws from its own sequence, whichever lane takes it. */
function blockSeed(seed: number, block: number): [low: number, high: number] {
  const mix = (value: number): number => {
    const a = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
    const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
    return (b ^ (b >>> 16)) >>> 0;
  };
  const low = mix(seed + Math.imul(block + 1, 0x9e3779b9));
  return [low, mix(low ^ Math.imul(block + 1, 0x85ebca77))];
}
