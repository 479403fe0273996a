/** One lane of a fastText training: takes blocks of the corpus until there are no more in this epoch. */
import { fastTextCode } from "../../kernels/fasttext-code.ts";
import { instantiateKernel } from "../../kernels/training-kernel.ts";
import { LINE_END } from "../corpus/encode-corpus.ts";
import { openIds } from "../corpus/id-store.ts";
import type { Lane, LaneWork } from "../training/lane-tasks.ts";
import type { FastTextKind } from "./settings.ts";
import type { LaneCorpus } from "./train-lanes.ts";
import { readLoss, type TrainingLayout } from "./training-memory.ts";
import { blockSeed } from "../training/block-seed.ts";

/** What every lane gets first. */
export interface FastTextSetup {
  kind: FastTextKind;
  layout: TrainingLayout;
  corpus: LaneCorpus;
  seed: number;
  epochs: number;
  learningRate: number;
}

interface FastTextKernel {
  begin(parameters: number, low: number, high: number): void;
  skipGram(parameters: number, ids: number, count: number, rate: number): void;
  cbow(parameters: number, ids: number, count: number, rate: number): void;
  classify(
    ...places: [parameters: number, rows: number, parts: number, labels: number, count: number, rate: number]
  ): void;
}

/** A job is the number of an epoch, from 0. */
export async function fastTextLane({ index, memory, control, setup }: Lane): Promise<LaneWork> {
  const { kind, layout, corpus, seed, epochs, learningRate } = setup as FastTextSetup;
  const { blocks, blockWords, endOfLine, shiftFrom } = corpus;
  const { parameters, ids: idsAt, labels: labelsAt } = layout.lanes[index];
  const kernel = await instantiateKernel<FastTextKernel>(fastTextCode, memory);
  const reader = await openIds(corpus.place);
  const count = blocks.length - 1;
  const longest = blocks.reduce((most, start, i) => Math.max(most, i > 0 ? start - blocks[i - 1] : 0), 0);
  const ids = new Int32Array(longest);
  const placed = new Int32Array(memory.buffer, idsAt, longest * 2);
  const labels = new Int32Array(memory.buffer, labelsAt);

  /** Words with the mark of a line's end behind each line. Gives how many words. */
  const trainWords = (length: number, rate: number): number => {
    let end = 0;
    let words = 0;
    for (let i = 0; i < length; i += 1) {
      const id = ids[i];
      if (id === LINE_END) {
        if (endOfLine >= 0) placed[end++] = endOfLine;
        placed[end++] = LINE_END;
      } else {
        placed[end++] = id >= shiftFrom ? id + 1 : id;
        words += 1;
      }
    }
    if (kind === "cbow") kernel.cbow(parameters, idsAt, end, rate);
    else kernel.skipGram(parameters, idsAt, end, rate);
    return words;
  };

  /** Lines of labels (−2 − label), then rows. */
  const trainLines = (length: number, rateAt: (share: number) => number): void => {
    placed.set(ids.subarray(0, length));
    for (let i = 0; i < length; i += 1) {
      let found = 0;
      for (; ids[i] < LINE_END; i += 1) labels[found++] = -2 - ids[i];
      const from = i;
      while (ids[i] !== LINE_END) i += 1;
      kernel.classify(parameters, idsAt + from * 4, i - from, labelsAt, found, rateAt(i / length));
    }
  };

  return async (job) => {
    const epoch = job as number;
    while (!control.stopped) {
      const block = control.takeBlock();
      if (block >= count) break;
      const length = await reader.read(blocks[block], ids.subarray(0, blocks[block + 1] - blocks[block]));
      const rateAt = (share: number): number => learningRate * (1 - (epoch + (block + share) / count) / epochs);
      kernel.begin(parameters, ...blockSeed(seed, epoch * count + block));
      let done = blockWords?.[block] ?? 0;
      if (kind === "supervised") trainLines(length, rateAt);
      else done = trainWords(length, rateAt(0.5));
      control.add(index, { done, ...readLoss(memory, parameters) });
      await control.pause();
    }
  };
}
