/** Runs a fastText training on lanes, epoch by epoch, and takes the model out of their memory. */
import type { IdPlace } from "../corpus/id-store.ts";
import { runEpochs } from "../training/epochs.ts";
import { startLanes } from "../training/lanes.ts";
import { keepState } from "../training/state-file.ts";
import { copyRows } from "../word2vec/word2vec-memory.ts";
import type { FastTextDictionary } from "./dictionary.ts";
import type { FastTextSetup } from "./fasttext-lane.ts";
import { checkSameCorpus, type FastTextState, settingsOf, stateBytes } from "./fasttext-state.ts";
import type { StoredRows } from "./stored-rows.ts";
import { DenseTable } from "./table.ts";
import { fillRandom, trainingLayout, type TrainingTables } from "./training-memory.ts";
import type { FastTextRun } from "./training-options.ts";
import { type PutRow, startAtMatrices, type TrainingStart } from "./training-start.ts";

export interface LaneCorpus {
  place: IdPlace;
  /** Block i is ids `blocks[i] … blocks[i + 1])`. */
  blocks: Float64Array;
  /** Words of each block of a classifier's text, whose ids are rows; undefined where ids are words. */
  blockWords?: Float64Array;
  /** Id of `</s>` among the words, -1 where it is none. */
  endOfLine: number;
  /** The corpus's ids from here on are one lower than the words'. */
  shiftFrom: number;
  /** Words of an epoch. */
  perEpoch: number;
}

export interface LaneTraining {
  corpus: LaneCorpus;
  dictionary: FastTextDictionary;
  rows: StoredRows;
  /** Default: input at random, output zero. */
  start?: TrainingStart | undefined;
  /** The checkpoint to go on from. */
  resumed?: FastTextState | undefined;
  tables: Pick<TrainingTables, "outputCounts" | "words">;
}

/** Gives the model with its rows in use; keeps a state after each epoch where it is asked to. */
export async function trainLanes(run: FastTextRun, training: LaneTraining): Promise<FastTextState["parts"]> {
  const { settings, learningRate, threads, seed, signal, onProgress, checkpoint } = run;
  const { dimensions, epochs } = settings;
  const { corpus, dictionary, rows, resumed } = training;
  const storedRow = rows.toArray();
  let { start } = training;
  if (resumed) {
    checkSameCorpus(resumed, { dictionary, storedRow });
    const { input, output } = resumed.parts;
    start = startAtMatrices({ input: input.data, output: output.data }, dimensions);
  }
  const { layout, fill } = trainingLayout(settings, {
    ...training.tables,
    ...{ inputRows: rows.count, longestBlock: longestBlock(corpus.blocks) },
    ...{ divide: run.cbowGradient === "mean", lanes: threads },
  });
  const prepare = (memory: WebAssembly.Memory): FastTextSetup => {
    fill(memory);
    const stride = layout.rowBytes / 4;
    const put: PutRow = (side, row, vector) =>
      new Float32Array(memory.buffer, layout[side] + row * layout.rowBytes, stride).set(vector);
    if (!resumed) fillRandom(memory, layout.input, { rows: rows.count, dimensions, seed });
    start?.(put);
    return { kind: settings.kind, layout, corpus, seed, epochs, learningRate };
  };
  const group = await startLanes(threads, { task: "fasttext", bytes: layout.bytes, prepare });
  const losses = [...(resumed?.losses ?? [])];
  const take = (): FastTextState["parts"] => {
    const input = copyRows(group.memory, layout.input, { rows: rows.count, dimensions });
    const output = copyRows(group.memory, layout.output, { rows: training.tables.outputCounts.length, dimensions });
    return {
      ...{ settings, dictionary, losses: [...losses] },
      input: new DenseTable(input, dimensions, storedRow),
      output: new DenseTable(output, dimensions),
    };
  };
  try {
    await runEpochs(group, {
      ...{ epochs, finished: resumed?.epochs ?? 0, perEpoch: corpus.perEpoch, signal, onProgress },
      run: (epoch) => group.run(epoch),
      async afterEpoch(epoch, loss) {
        losses.push(loss);
        if (checkpoint === undefined) return;
        const state = { parts: take(), settings: settingsOf(run), epochs: epoch + 1, losses };
        await keepState(checkpoint, stateBytes(state));
      },
    });
    return take();
  } finally {
    await group.end();
  }
}

/** Ids that a lane must have room for: a block, with a mark behind each word at worst. */
function longestBlock(blocks: Float64Array): number {
  return 2 * blocks.reduce((most, start, i) => Math.max(most, i > 0 ? start - blocks[i - 1] : 0), 0);
}
