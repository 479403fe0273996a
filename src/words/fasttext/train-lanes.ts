/** Runs a fastText training on lanes and takes the two matrices out of their memory. */
import { copyRows, putRows } from "../word2vec/word2vec-memory.ts";
import { runEpochs } from "../training/epochs.ts";
import { startLanes } from "../training/lanes.ts";
import type { IdPlace } from "../corpus/id-store.ts";
import type { FastTextSetup } from "./fasttext-lane.ts";
import type { FastTextRun } from "./training-options.ts";
import { fillRandom, trainingLayout, type TrainingTables } from "./training-memory.ts";

export interface LaneCorpus {
  place: IdPlace;
  blocks: Float64Array;
  /** Id of `</s>` among the words, -1 where it is none. */
  endOfLine: number;
  /** Words (of a classifier: lines) of an epoch. */
  perEpoch: number;
}

export interface TrainedMatrices {
  input: Float32Array;
  output: Float32Array;
  /** Mean loss of each epoch. */
  losses: number[];
}

/** With `start` the matrices begin as given, else the input random and the output zero. */
export async function trainLanes(
  { settings, learningRate, threads, seed, signal, onProgress }: FastTextRun,
  tables: Omit<TrainingTables, "lanes">,
  { corpus, start }: { corpus: LaneCorpus; start?: { input: Float32Array; output: Float32Array } },
): Promise<TrainedMatrices> {
  const { dimensions, epochs, kind } = settings;
  const { layout, fill } = trainingLayout(settings, { ...tables, lanes: threads });
  const { place, blocks, endOfLine, perEpoch } = corpus;
  const prepare = (memory: WebAssembly.Memory): FastTextSetup => {
    fill(memory);
    if (start) {
      putRows(memory, layout.input, { data: start.input, dimensions });
      putRows(memory, layout.output, { data: start.output, dimensions });
    } else fillRandom(memory, layout.input, { rows: tables.inputRows, dimensions, seed });
    return { kind, layout, corpus: place, blocks, endOfLine, seed, epochs, learningRate };
  };
  const group = await startLanes(threads, { task: "fasttext", bytes: layout.bytes, prepare });
  try {
    const run = (epoch: number): Promise<unknown> => group.run(epoch);
    const losses = await runEpochs(group, { epochs, perEpoch, signal, onProgress, run });
    const input = copyRows(group.memory, layout.input, { rows: tables.inputRows, dimensions });
    const output = copyRows(group.memory, layout.output, { rows: tables.outputCounts.length, dimensions });
    return { input, output, losses };
  } finally {
    await group.end();
  }
}

/** Ids that a lane must have room for: a block, with a mark behind each word at worst. */
export function longestBlock(blocks: Float64Array): number {
  return 2 * blocks.reduce((most, start, i) => Math.max(most, i > 0 ? start - blocks[i - 1] : 0), 0);
}
