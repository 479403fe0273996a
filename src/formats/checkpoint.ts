/**
 * A model's weights under the names that transformers gives them: model.safetensors or pytorch_model.bin, whole or in shards with an index
 * (`weight_map`: tensor → shard). The first that is there is taken. Reference: transformers 5.3, modeling_utils.py, `_get_resolved_checkpoint_files`.
 * Differs: a tensor that lies in two shards is refused (transformers takes the last one).
 */
import { SemspaceError, shown } from "../errors.ts";
import { openSafetensors } from "./safetensors.ts";
import { type FileSource, type TensorFile, type TensorInfo, tensorFile } from "./tensor-file.ts";
import { openTorchFile } from "./torch-file.ts";

/** In the order in which they are looked for. */
export const checkpointFiles = [
  "model.safetensors",
  "model.safetensors.index.json",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
] as const;

export type CheckpointFile = (typeof checkpointFiles)[number];

/** Most shards of one model. */
const mostShards = 10_000;

/** The file that tells where the folder's weights lie, or undefined. */
export async function findCheckpoint(folder: FileSource): Promise<CheckpointFile | undefined> {
  for (const path of checkpointFiles) if ((await folder.size(path)) !== undefined) return path;
  return undefined;
}

/** Opens the weights that `findCheckpoint` has found. Throws `missing-file` naming a shard, and as the formats do. */
export async function openCheckpoint(folder: FileSource, path: CheckpointFile): Promise<TensorFile> {
  const open = path.startsWith("model.safetensors") ? openSafetensors : openTorchFile;
  if (!path.endsWith(".index.json")) return open(folder, path);
  const name = `${path} in ${folder.name}`;
  const shardOf = await readIndex(folder, path, name);
  const tensors = new Map<string, TensorInfo>();
  for (const shard of new Set(shardOf.values())) {
    if ((await folder.size(shard)) === undefined) {
      throw new SemspaceError("missing-file", `${name} names the shard ${shown(shard)}, which is missing. Fetch it.`);
    }
    for (const [tensor, info] of (await open(folder, shard)).tensors) {
      const other = tensors.get(tensor);
      if (other) throw invalid(name, `tensor ${shown(tensor)} lies in two shards, ${other.path} and ${shard}`);
      tensors.set(tensor, info);
    }
  }
  for (const [tensor, shard] of shardOf) {
    const found = tensors.get(tensor);
    if (found?.path !== shard) throw invalid(name, `tensor ${shown(tensor)} is not in ${shard}, where its index says`);
  }
  return tensorFile(folder, { name, tensors });
}

async function readIndex(folder: FileSource, path: string, name: string): Promise<ReadonlyMap<string, string>> {
  let index: unknown;
  try {
    index = JSON.parse(new TextDecoder().decode(await folder.read(path)));
  } catch (cause) {
    if (cause instanceof SemspaceError) throw cause;
    throw new SemspaceError("invalid-file", `${name} is not JSON. Fetch it again.`, { cause });
  }
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null)
    throw invalid(name, `its weight_map is ${shown(map)}, an object is needed`);
  const entries = Object.entries(map);
  const isShard = (value: unknown): value is string =>
    typeof value === "string" && /^[\w.-]+$/.test(value) && !/^\.+$/.test(value);
  const bad = entries.find(([, shard]) => !isShard(shard));
  if (bad) throw invalid(name, `tensor ${shown(bad[0])} is in the shard ${shown(bad[1])}; a file name is needed`);
  const shards = new Map(entries as [string, string][]);
  if (new Set(shards.values()).size > mostShards) throw invalid(name, `it names more than ${mostShards} shards`);
  return shards;
}

function invalid(name: string, what: string): SemspaceError {
  return new SemspaceError("invalid-file", `Broken ${name}: ${what}. Fetch it again.`);
}
