/** Where the weights of a model that trains come from: a checkpoint, or random numbers. */
import { SemspaceError } from "../../errors.ts";
import { checkpointFiles, findCheckpoint, openCheckpoint, type TensorToWrite } from "../../formats/index.ts";
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
  /** The tensors of the checkpoint that are none of `names`, under the names that it gives them: a pooler that nobody asked for is kept. */
  rest(names: Iterable<string>): Promise<Record<string, TensorToWrite>>;
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
  const file = await openCheckpoint(folder, path);
  const weights = weightLookup(file, architecture.anchor);
  return {
    ...{ architecture, config },
    has: (name) => weights.has(name),
    nameOf: (name) => weights.nameOf(name),
    read(name, shape) {
      weights(name, shape);
      return weights.readFloat32(name);
    },
    async rest(names) {
      const known = new Set(Array.from(names, (name) => weights.nameOf(name)));
      const others: Record<string, TensorToWrite> = {};
      for (const { name, dtype, shape } of file.tensors.values()) {
        // oxlint-disable-next-line no-await-in-loop -- one tensor after the other
        if (!known.has(name)) others[name] = { dtype, shape, data: await file.readBytes(name) };
      }
      return others;
    },
  };
}

/** A source whose tensors are partly given: those of modules beside the transformer. */
export function withTensors(source: WeightSource, tensors: ReadonlyMap<string, Float32Array>): WeightSource {
  return {
    ...source,
    has: (name) => tensors.has(name) || source.has(name),
    read: (name, shape) => {
      const given = tensors.get(name);
      return given ? Promise.resolve(given) : source.read(name, shape);
    },
  };
}
