/** Trains a GloVe state on counted co-occurrences: memory, lanes, epochs, checkpoints. */
import { writeBytes } from "#platform";
import { runEpochs } from "../training/epochs.ts";
import { startLanes } from "../training/lanes.ts";
import { CHUNK_FIELDS } from "./cells.ts";
import type { Cooccurrences } from "./cooccurrences.ts";
import type { GloveSetup } from "./glove-lane.ts";
import { fillGloveMemory, gloveLayout, putParameters, takeParameters } from "./glove-memory.ts";
import type { GloveOptions } from "./glove-options.ts";
import { type GloveState, stateBytes } from "./glove-state.ts";

export type TrainCellsOptions = Pick<GloveOptions, "threads" | "signal" | "onProgress" | "checkpoint">;

/** Gives the state after the epochs that are missing; the given one is not changed. */
export async function trainCells(
  state: GloveState,
  counts: Cooccurrences,
  options: TrainCellsOptions,
): Promise<GloveState> {
  const { threads = 1, signal, onProgress, checkpoint } = options;
  const { settings, vocabulary } = state;
  const { dimensions, learningRate, gradientClip: clip, xMax, alpha, biasConvention } = settings;
  const words = vocabulary.size;
  const lanes = Math.min(threads, counts.chunks.fields.length / CHUNK_FIELDS);
  const shape = { words, dimensions, lanes };
  const layout = gloveLayout(shape);
  const biasRate = biasConvention === "since-2019" ? 1 : learningRate;
  const group = await startLanes(lanes, {
    task: "glove",
    bytes: layout.bytes,
    prepare: (memory): GloveSetup => {
      fillGloveMemory(memory, { shape, layout, rates: { learningRate, biasRate, clip, xMax, alpha } });
      putParameters(memory, { layout, dimensions }, state);
      return { layout, chunks: counts.chunks, seed: settings.seed };
    },
  });
  const losses = [...state.losses];
  const snapshot = (epochs: number): GloveState => ({
    ...{ vocabulary, settings, epochs, losses: [...losses] },
    ...takeParameters(group.memory, { layout, dimensions, words }),
  });
  try {
    await runEpochs(group, {
      ...{ epochs: settings.epochs, finished: state.epochs, perEpoch: counts.cells, signal, onProgress },
      run: (epoch) => group.run(epoch),
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
