/** A run of token learning as a file: the table, what the optimizer remembers, and the step; a safetensors file, so that other tools can look into it. */
import { fileSize, readBytes, writeBytes } from "#platform";
import { SemspaceError } from "../../errors.ts";
import { openSafetensors } from "../../formats/safetensors.ts";
import { type TensorToWrite, writeSafetensors } from "../../formats/safetensors-writer.ts";
import type { Learner } from "../learner.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

export interface LearningState {
  /** Says which run this is; another run's checkpoint is refused. */
  run: string;
  learner: Learner;
  optimizer: Optimizer;
}

/** Puts the learner and the optimizer where the run in the file was and gives its step; 0 where there is no file. Throws `mismatch` for a file of another run. */
export async function readState(path: string, { run, learner, optimizer }: LearningState): Promise<number> {
  if ((await fileSize(path)) === undefined) return 0;
  const bytes = await readBytes(path);
  const source = {
    name: path,
    read: (_: string, range?: { offset: number; length: number }) =>
      Promise.resolve(range ? bytes.slice(range.offset, range.offset + range.length) : bytes),
    size: () => Promise.resolve(bytes.length),
  };
  const file = await openSafetensors(source, path);
  const saved = file.metadata.get("run");
  if (saved !== run) {
    throw new SemspaceError(
      "mismatch",
      `The checkpoint ${path} is of another run (${saved ?? "unknown"}), this one is: ${run}. Remove it, or use the options it was made with.`,
    );
  }
  for (const { name, value } of learner.parameters) value.set(await file.readFloat32(`parameter.${name}`));
  const restored: Record<string, Float32Array> = {};
  for (const name of Object.keys(optimizer.state())) restored[name] = await file.readFloat32(`optimizer.${name}`);
  optimizer.restore(restored);
  return Number(file.metadata.get("step"));
}

/** Writes the file, whole or not at all. */
export async function writeState(
  path: string,
  { run, learner, optimizer }: LearningState,
  step: number,
): Promise<void> {
  const tensors: Record<string, TensorToWrite> = {};
  for (const { name, value, shape } of learner.parameters)
    tensors[`parameter.${name}`] = { dtype: "F32", shape, data: value };
  for (const [name, data] of Object.entries(optimizer.state()))
    tensors[`optimizer.${name}`] = { dtype: "F32", shape: [data.length], data };
  await writeBytes(path, writeSafetensors(tensors, { run, step: String(step) }));
}
