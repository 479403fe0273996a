/** Trains a word2vec state on an encoded corpus: memory, lanes, epochs, checkpoints. */
import type { EncodedCorpus } from "../corpus/encode-corpus.ts";
import { aliasTable, keepThresholds } from "../corpus/sampling.ts";
import { runEpochs } from "../training/epochs.ts";
import { checkTrainingMemory, startLanes } from "../training/lanes.ts";
import { type BegunEpoch, keepState } from "../training/state-file.ts";
import { trainEpoch } from "./train-epoch.ts";
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
import { fillRandom, matricesOf, stateBytes, type Word2VecStart, type Word2VecState } from "./word2vec-state.ts";

/** Rate at the end, as a share of that at the start. */
const LOWEST = 1e-4;

export interface TrainStateOptions extends Pick<
  Word2VecOptions,
  "threads" | "deterministic" | "signal" | "onProgress" | "checkpoint" | "checkpointMinutes"
> {
  corpus: EncodedCorpus;
}

/** Gives the state after the epochs that are missing. */
export async function trainState(start: Word2VecStart, options: TrainStateOptions): Promise<Word2VecState> {
  const { corpus, threads = 1, deterministic = false, checkpoint, checkpointMinutes } = options;
  const { settings, vocabulary } = start;
  const blocks = Math.ceil(corpus.length / BLOCK);
  const lanes = Math.min(threads, blocks);
  const tables = makeTables(start, corpus);
  const shape = shapeOf(start, tables, { lanes, replicas: deterministic && lanes > 1 });
  const layout = word2VecLayout(shape);
  checkTrainingMemory(layout.bytes);
  const group = await startLanes(lanes, {
    task: "word2vec",
    bytes: layout.bytes,
    prepare: (memory): Word2VecSetup => {
      fillWord2VecMemory(memory, { shape, layout, tables });
      putStart(memory, { start, layout });
      return { layout, corpus: corpus.place, seed: settings.seed, words: vocabulary.size };
    },
  });
  const losses = [...start.losses];
  const snapshot = (epochs: number, begun?: BegunEpoch): Word2VecState =>
    takeState(group.memory, { start: { vocabulary, settings, epochs, losses: [...losses], begun }, layout });
  const keep = async (state: Word2VecState): Promise<void> => {
    if (checkpoint !== undefined) await keepState(checkpoint, stateBytes(state));
  };
  const step = settings.learningRate / (blocks * settings.epochs);
  const halting = checkpoint !== undefined && checkpointMinutes !== undefined;
  const timer = halting ? setInterval(() => group.control.halt(true), checkpointMinutes * 60_000) : undefined;
  try {
    await runEpochs(group, {
      epochs: settings.epochs,
      finished: start.epochs + (start.begun ? start.begun.blocks / blocks : 0),
      perEpoch: corpus.tokens,
      signal: options.signal,
      onProgress: options.onProgress,
      run: (epoch) => {
        const rate = settings.learningRate - step * epoch * blocks;
        const job: Word2VecJob = { type: "train", epoch, rate, step, lowest: settings.learningRate * LOWEST };
        const begun = epoch === start.epochs ? start.begun : undefined;
        const halted = (part: BegunEpoch): Promise<void> => keep(snapshot(epoch, part));
        return trainEpoch(group, { job, blocks, rounds: shape.replicas, begun, halted });
      },
      afterEpoch(epoch, loss) {
        losses.push(loss);
        return keep(snapshot(epoch + 1));
      },
    });
    // The threads' own memory is given back before the vectors are copied.
    await group.end();
    return snapshot(settings.epochs);
  } finally {
    clearInterval(timer);
    await group.end();
  }
}

function makeTables({ settings, vocabulary }: Word2VecStart, corpus: EncodedCorpus): Word2VecTables {
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
  { settings, vocabulary }: Word2VecStart,
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

/** The known vectors, random ones behind them; every lane's own copy too. */
function putStart(
  memory: WebAssembly.Memory,
  { start, layout }: { start: Word2VecStart; layout: Word2VecLayout },
): void {
  const { settings, vocabulary, known } = start;
  const { dimensions } = settings;
  const matrixBytes = vocabulary.size * layout.rowBytes;
  const first = known ? known.input.length / dimensions : 0;
  const stride = layout.rowBytes / 4;
  const input = new Float32Array(memory.buffer, layout.matrices, vocabulary.size * stride);
  for (let i = first; i < vocabulary.size; i += 1) {
    const row = input.subarray(i * stride, i * stride + dimensions);
    fillRandom(row, { dimensions, seed: settings.seed + Math.imul(i, 0x2c1b3c6d) });
  }
  for (const [i, name] of matricesOf(settings).entries()) {
    const data = known?.[name];
    if (data) putRows(memory, layout.matrices + i * matrixBytes, { data, dimensions });
  }
  const bytes = new Uint8Array(memory.buffer);
  for (const { matrices } of layout.lanes) {
    if (matrices !== layout.matrices)
      bytes.copyWithin(matrices, layout.matrices, layout.matrices + layout.matricesBytes);
  }
}

/** The output side stays in the training's memory until it is asked for: who only wants word vectors never holds it twice. */
function takeState(
  memory: WebAssembly.Memory,
  { start, layout }: { start: Word2VecStart; layout: Word2VecLayout },
): Word2VecState {
  const { settings, vocabulary, epochs, losses, begun } = start;
  const size = { rows: vocabulary.size, dimensions: settings.dimensions };
  const names = matricesOf(settings);
  const take = (name: "input" | "output" | "tree"): Float32Array | undefined => {
    const i = names.indexOf(name);
    return i < 0 ? undefined : copyRows(memory, layout.matrices + i * vocabulary.size * layout.rowBytes, size);
  };
  return {
    ...{ vocabulary, settings, epochs, losses, begun, input: take("input")! },
    get output() {
      return take("output");
    },
    get tree() {
      return take("tree");
    },
  };
}
