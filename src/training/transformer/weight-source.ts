/** Where the weights of a model that trains come from: a checkpoint, or random numbers. */
import { SemspaceError } from "../../errors.ts";
import { checkpointFiles, findCheckpoint, openCheckpoint } from "../../formats/index.ts";
import { type ModelFolder, readJson } from "../../hub/folder.ts";
import { type Architecture, readArchitecture } from "../../transformers/architectures/index.ts";
import type { TransformerConfig } from "../../transformers/config.ts";
import { weightLookup } from "../../transformers/weights.ts";

export interface WeightSource {
  readonly architecture: Architecture;
  readonly config: TransformerConfig;
  /** Whether there is such a tensor, by its name without prefix. */
  has(name: string): boolean;
  /** What the saved file calls it. */
  nameOf(name: string): string;
  /** Its values, float32. Throws `mismatch` for one that is missing or has another shape. */
  read(name: string, shape: readonly number[]): Promise<Float32Array>;
}

/** The weights of a folder. Throws what reading its files throws. */
export async function checkpointSource(folder: ModelFolder): Promise<WeightSource> {
  const json = await readJson<Record<string, unknown>>(folder, "config.json");
  const { architecture, config } = readArchitecture(json, `config.json in ${folder.name}`);
  const path = await findCheckpoint(folder);
  if (path === undefined) {
    const message = `No weights in ${folder.name}. Looked for: ${checkpointFiles.join(", ")}. Training starts from one of them.`;
    throw new SemspaceError("missing-file", message);
  }
  const weights = weightLookup(await openCheckpoint(folder, path), architecture.anchor);
  return {
    ...{ architecture, config },
    has: (name) => weights.has(name),
    nameOf: (name) => weights.nameOf(name),
    read(name, shape) {
      weights(name, shape);
      return weights.readFloat32(name);
    },
  };
}
