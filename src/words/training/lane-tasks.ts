/** What a lane can do, by name: a thread gets the name and loads the module itself. */
import type { LaneControl } from "./lane-control.ts";

/** One of the workers of a training, in a thread of its own or in this one. */
export interface Lane {
  /** 0 … lanes − 1. */
  readonly index: number;
  readonly lanes: number;
  /** All lanes work in this memory; it is shared when they are in threads. */
  readonly memory: WebAssembly.Memory;
  readonly control: LaneControl;
  /** What the trainer gave to `startLanes`. */
  readonly setup: unknown;
}

/** Does one job and gives its result; both travel between threads. */
export type LaneWork = (job: unknown) => Promise<unknown>;

/** Prepares a lane: instantiates its kernel, opens the corpus. */
export type LaneTask = (lane: Lane) => Promise<LaneWork>;

export type LaneTaskName = "fasttext" | "glove" | "glove-count" | "word2vec";

export async function loadLaneTask(name: LaneTaskName): Promise<LaneTask> {
  switch (name) {
    case "glove":
      return (await import("../glove/glove-lane.ts")).gloveLane;
    case "glove-count":
      return (await import("../glove/count-lane.ts")).countLane;
    case "fasttext":
      return (await import("../fasttext/fasttext-lane.ts")).fastTextLane;
    case "word2vec":
      return (await import("../word2vec/word2vec-lane.ts")).word2VecLane;
  }
}
