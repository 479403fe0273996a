/**
 * The state of a training between two steps, as one file `training.safetensors` in the checkpoint's folder: the values, what the optimizers
 * remember, the best values so far, and how far it has come. It is written beside the old one and then takes its place, so that a full disk
 * or a kill leaves the older state.
 */
import { fileSize, joinLocation, readBytes, writeBytes } from "#platform";
import { SemspaceError, shown } from "../../errors.ts";
import { openSafetensors, type SafetensorsFile, type TensorToWrite, writeSafetensors } from "../../formats/index.ts";

const FILE = "training.safetensors";

/** How far a training has come. All of it is JSON. */
export interface TrainingPosition {
  /** Steps that are done. */
  step: number;
  /** The present epoch, from 0 on, and how many of its batches are done. */
  epoch: number;
  batch: number;
  /** Mean loss of every whole epoch. */
  losses: number[];
  /** Of the present epoch. */
  lossSum: number;
  lossCount: number;
  evaluations: { step: number; score: number }[];
  best: { step: number; score: number } | undefined;
  /** Bytes of the log up to here. */
  logBytes: number;
  /** Why it ended; undefined while it goes on: all steps are done, or no evaluation was better for `earlyStop` times. */
  ended: "done" | "early" | undefined;
}

/** Arrays by group: values, optimizer's means … */
export type StateArrays = Readonly<Record<string, Readonly<Record<string, Float32Array>>>>;

/** What makes two trainings the same one. */
export type TrainingIdentity = Readonly<Record<string, string | number>>;

/** Keeps the state. Throws `unavailable` with what the disk says; the older state is still there then. */
export async function writeTrainingState(
  folder: string,
  state: { identity: TrainingIdentity; position: TrainingPosition; arrays: StateArrays },
): Promise<void> {
  const tensors: Record<string, TensorToWrite> = {};
  for (const [group, arrays] of Object.entries(state.arrays)) {
    for (const [name, data] of Object.entries(arrays)) {
      tensors[`${group}/${name}`] = { dtype: "F32", shape: [data.length], data };
    }
  }
  const metadata = {
    format: "semspace training 1",
    identity: JSON.stringify(state.identity),
    position: JSON.stringify(state.position),
  };
  try {
    await writeBytes(joinLocation(folder, FILE), writeSafetensors(tensors, metadata));
  } catch (cause) {
    throw new SemspaceError(
      "unavailable",
      `The state after step ${state.position.step} could not be written to ${folder} (${(cause as Error).message}). The state before it, if there is one, is whole: make room and start again to go on from there.`,
      { cause },
    );
  }
}

export interface SavedState {
  position: TrainingPosition;
  /** The arrays of a group, by name. */
  arrays(group: string): Promise<Record<string, Float32Array>>;
}

/** The state in the folder; undefined when there is none. Throws `invalid-file` for a broken one, `mismatch` for one of another training. */
export async function readTrainingState(folder: string, identity: TrainingIdentity): Promise<SavedState | undefined> {
  if ((await fileSize(joinLocation(folder, FILE))) === undefined) return undefined;
  const file = await openSafetensors(
    {
      name: folder,
      read: (path, range) => readBytes(joinLocation(folder, path), range),
      size: (path) => fileSize(joinLocation(folder, path)),
    },
    FILE,
  );
  const position = metadataOf(file, "position") as TrainingPosition;
  checkIdentity(folder, metadataOf(file, "identity") as TrainingIdentity, identity);
  return {
    position,
    async arrays(group) {
      const arrays: Record<string, Float32Array> = {};
      for (const name of file.tensors.keys()) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other: each may be large
        if (name.startsWith(`${group}/`)) arrays[name.slice(group.length + 1)] = await file.readFloat32(name);
      }
      return arrays;
    },
  };
}

function metadataOf(file: SafetensorsFile, key: string): unknown {
  try {
    if (!file.metadata.get("format")?.startsWith("semspace training")) throw new Error("it has another format");
    return JSON.parse(file.metadata.get(key) ?? "") as unknown;
  } catch (cause) {
    throw new SemspaceError(
      "invalid-file",
      `${file.name} is no state of a training (${(cause as Error).message}). Choose another checkpoint folder, or remove the file.`,
      { cause },
    );
  }
}

function checkIdentity(folder: string, saved: TrainingIdentity, own: TrainingIdentity): void {
  for (const key of new Set([...Object.keys(own), ...Object.keys(saved)])) {
    if (saved[key] === own[key]) continue;
    throw new SemspaceError(
      "mismatch",
      `The checkpoint in ${folder} is of another training: its ${key} is ${shown(saved[key])}, here it is ${shown(own[key])}. Resume with the same model, data and settings, or choose another folder.`,
    );
  }
}
