/** Trains a word2vec state on an encoded corpus: memory, lanes, epochs, checkpoints. */
import { writeBytes } from "#platform";
import type { EncodedCorpus } from "../corpus/encode-corpus.ts";
import { aliasTable, keepThresholds } from "../corpus/sampling.ts";
import { runEpochs } from "../training/epochs.ts";
import { type LaneGroup, startLanes } from "../training/lanes.ts";
import { huffmanCodes } from "./huffman.ts";
import type { Word2VecJob, Word2VecSetup } from "./word2vec-lane.ts";
import {
  BLOCK,
  copyRows,
  fillWord2VecMemory,
  putRows,
  type Word2VecLayout,
  word2VecLayout,
  type Word2VecShape,
  type Word2VecTables,
} from "./word2vec-memory.ts";
import type { Word2VecOptions } from "./word2vec-options.ts";
import { stateBytes, type Word2VecState } from "./word2vec-state.ts";

/** Rate at the end, as a share of that at the start. */
const LOWEST = 1e-4;
/** Most blocks that a lane of a deterministic training takes before the lanes are brought together. */
const ROUND = 16;

export interface TrainStateOptions extends Pick<
  Word2VecOptions,
  "threads" | "deterministic" | "signal" | "onProgress" | "checkpoint"
> {
  corpus: EncodedCorpus;
}

/** Gives the state after the epochs that are missing; the given one is not changed. */
export async function trainState(state: Word2VecState, options: TrainStateOptions): Promise<Word2VecState> {
  const { corpus, threads = 1, deterministic = false, checkpoint } = options;
  const { settings } = state;
  const blocks = Math.ceil(corpus.length / BLOCK);
  const lanes = Math.min(threads, blocks);
  const tables = makeTables(state, corpus);
  const shape = shapeOf(state, tables, { lanes, replicas: deterministic && lanes > 1 });
  const layout = word2VecLayout(shape);
  const group = await startLanes(lanes, {
    task: "word2vec",
    bytes: layout.bytes,
    prepare: (memory): Word2VecSetup => {
      fillWord2VecMemory(memory, { shape, layout, tables });
      putState(memory, { state, layout });
      return { layout, corpus: corpus.place, seed: settings.seed, words: state.vocabulary.size };
    },
  });
  const losses = [...state.losses];
  const snapshot = (epochs: number): Word2VecState => ({
    ...takeState(group.memory, { state, layout }),
    ...{ epochs, losses: [...losses] },
  });
  const step = settings.learningRate / (blocks * settings.epochs);
  try {
    await runEpochs(group, {
      epochs: settings.epochs,
      finished: state.epochs,
      perEpoch: corpus.tokens,
      signal: options.signal,
      onProgress: options.onProgress,
      run: (epoch) => {
        const rate = settings.learningRate - step * epoch * blocks;
        const job: Word2VecJob = { type: "train", epoch, rate, step, lowest: settings.learningRate * LOWEST };
        return shape.replicas ? runRounds(group, job, blocks) : group.run(job);
      },
      async afterEpoch(epoch, loss) {
        losses.push(loss);
        if (typeof checkpoint === "string") await writeBytes(checkpoint, stateBytes(snapshot(epoch + 1)));
        else await checkpoint?.(stateBytes(snapshot(epoch + 1)));
      },
    });
    return snapshot(settings.epochs);
  } finally {
    await group.end();
  }
}

/** An epoch in rounds: each lane its own blocks on its own vectors, then all bring theirs together. */
async function runRounds(group: LaneGroup, job: Word2VecJob, blocks: number): Promise<void> {
  const size = Math.max(1, Math.min(ROUND, Math.floor(blocks / (group.lanes * 8))));
  for (let first = 0; first < blocks && !group.control.stopped; first += size * group.lanes) {
    await group.run({ ...job, round: { first, size } });
    await group.run({ type: "merge" });
  }
}

function makeTables({ settings, vocabulary }: Word2VecState, corpus: EncodedCorpus): Word2VecTables {
  const { counts } = corpus.vocabulary;
  return {
    keep: keepThresholds(counts, settings.sample),
    alias: aliasTable(counts, settings.nsExponent),
    codes: settings.hierarchicalSoftmax ? huffmanCodes(vocabulary.counts) : undefined,
    cbow: settings.architecture === "cbow",
    divide: settings.cbowGradient === "mean",
  };
}

function shapeOf(
  { settings, vocabulary }: Word2VecState,
  { codes }: Word2VecTables,
  { lanes, replicas }: { lanes: number; replicas: boolean },
): Word2VecShape {
  const longestCode = codes
    ? codes.starts.reduce((most, start, i, all) => Math.max(most, all[i + 1] - start || 0), 0)
    : 0;
  const { dimensions, window, negative } = settings;
  const codeSteps = codes?.steps.length ?? 0;
  return { words: vocabulary.size, dimensions, window, negative, longestCode, codeSteps, lanes, replicas };
}

function putState(
  memory: WebAssembly.Memory,
  { state, layout }: { state: Word2VecState; layout: Word2VecLayout },
): void {
  const { dimensions } = state.settings;
  const places = new Set([layout.matrices, ...layout.lanes.map((lane) => lane.matrices)]);
  for (const place of places) {
    let at = place;
    for (const data of [state.input, state.output, state.tree]) {
      if (!data) continue;
      putRows(memory, at, { data, dimensions });
      at += state.vocabulary.size * layout.rowBytes;
    }
  }
}

function takeState(
  memory: WebAssembly.Memory,
  { state, layout }: { state: Word2VecState; layout: Word2VecLayout },
): Word2VecState {
  const size = { rows: state.vocabulary.size, dimensions: state.settings.dimensions };
  let at = layout.matrices;
  const take = (there: Float32Array | undefined): Float32Array | undefined => {
    if (!there) return undefined;
    const rows = copyRows(memory, at, size);
    at += size.rows * layout.rowBytes;
    return rows;
  };
  return { ...state, input: take(state.input)!, output: take(state.output), tree: take(state.tree) };
}
