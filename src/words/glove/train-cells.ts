/** Trains a GloVe state on counted co-occurrences: memory, lanes, epochs, checkpoints. */
import type { Matrix } from "../../matrix/index.ts";
import { runEpochs } from "../training/epochs.ts";
import { startLanes } from "../training/lanes.ts";
import { keepState } from "../training/state-file.ts";
import { CHUNK_FIELDS } from "./cells.ts";
import type { Cooccurrences } from "./cooccurrences.ts";
import type { GloveSetup } from "./glove-lane.ts";
import {
  fillGloveMemory,
  gloveLayout,
  putAnchors,
  putParameters,
  putRandom,
  startAtAnchors,
  takeParameters,
} from "./glove-memory.ts";
import type { GloveOptions } from "./glove-options.ts";
import { type GloveStart, type GloveState, stateBytes } from "./glove-state.ts";

export interface TrainCellsOptions extends Pick<GloveOptions, "threads" | "signal" | "onProgress" | "checkpoint"> {
  /** Given vectors of the words, [words, dimensions]; a row of NaN is none. */
  anchors?: Matrix | undefined;
}

/** Gives the state after the epochs that are missing; what is given is not changed. */
export async function trainCells(
  start: GloveStart,
  counts: Cooccurrences,
  options: TrainCellsOptions,
): Promise<GloveState> {
  const { threads = 1, signal, onProgress, checkpoint, anchors } = options;
  const { settings, vocabulary, epochs: finished } = start;
  const { dimensions, learningRate, gradientClip: clip, xMax, alpha, biasConvention } = settings;
  const words = vocabulary.size;
  const lanes = Math.min(threads, counts.chunks.fields.length / CHUNK_FIELDS);
  const shape = { words, dimensions, lanes, anchored: anchors !== undefined };
  const layout = gloveLayout(shape);
  const places = { layout, dimensions, words };
  const biasRate = biasConvention === "since-2019" ? 1 : learningRate;
  const group = await startLanes(lanes, {
    task: "glove",
    bytes: layout.bytes,
    prepare: (memory): GloveSetup => {
      fillGloveMemory(memory, { shape, layout, rates: { learningRate, biasRate, clip, xMax, alpha } });
      putRandom(memory, places, settings.seed);
      if (start.known) putParameters(memory, places, start.known);
      else if (anchors) startAtAnchors(memory, places, anchors);
      if (anchors) putAnchors(memory, layout, anchors);
      return { layout, words, chunks: counts.chunks, seed: settings.seed, mu: anchors ? settings.mu : 0 };
    },
  });
  const losses = [...start.losses];
  const snapshot = (epochs: number): GloveState => ({
    ...{ vocabulary, settings, epochs, losses: [...losses] },
    ...takeParameters(group.memory, places),
  });
  try {
    await runEpochs(group, {
      ...{ epochs: settings.epochs, finished, perEpoch: counts.cells, signal, onProgress },
      run: (epoch) => group.run(epoch),
      async afterEpoch(epoch, loss) {
        losses.push(loss);
        if (checkpoint !== undefined) await keepState(checkpoint, stateBytes(snapshot(epoch + 1)));
      },
    });
    return snapshot(settings.epochs);
  } finally {
    await group.end();
  }
}
