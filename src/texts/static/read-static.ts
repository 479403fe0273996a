/**
 * Reads static models in every layout that model2vec 0.10 and sentence-transformers 6.2 read: `config.json` beside the
 * table (model2vec), `modules.json` or `config_sentence_transformers.json` in the root with the table beside it or in
 * `0_StaticEmbedding/`. The table is `embeddings`, `embedding.weight` or (model2vec-rs) `0`, with `mapping` and `weights`.
 */
import { SemspaceError } from "../../errors.ts";
import { checkpointFiles, findCheckpoint, openCheckpoint } from "../../formats/checkpoint.ts";
import type { TensorFile } from "../../formats/tensor-file.ts";
import { type ModelFolder, readJsonIfPresent, subfolder } from "../../hub/folder.ts";
import type { StaticConfig, StaticModelParts, StaticReading } from "./static-parts.ts";

const tableNames = ["embeddings", "embedding.weight", "0"];

interface ModuleEntry {
  idx?: number;
  type: string;
  path?: string;
}

interface Layout {
  /** The folder that holds the weights (model.safetensors or pytorch_model.bin) and tokenizer.json. */
  table: ModelFolder;
  config: StaticConfig;
}

/**
 * How a folder asks to be read, or undefined when it holds no static model: as model2vec where config.json is model2vec's,
 * as sentence-transformers where modules.json starts with a StaticEmbedding.
 */
export async function staticReading(folder: ModelFolder): Promise<StaticReading | undefined> {
  const config = await readJsonIfPresent<StaticConfig>(folder, "config.json");
  if (config?.["model_type"] === "model2vec") return "model2vec";
  if ((await staticModule(folder)) !== undefined) return "sentence-transformers";
  // Early model2vec folders have neither a model type nor modules.json.
  if (!config || config["model_type"] !== undefined || (await folder.size("model.safetensors")) === undefined)
    return undefined;
  const file = await openCheckpoint(folder, "model.safetensors");
  return file.tensors.has("embeddings") ? "model2vec" : undefined;
}

/** Reads a static model's parts. Throws `missing-file`, `invalid-file` or `mismatch` that name the file or tensor. */
export async function readStaticParts(folder: ModelFolder, reading: StaticReading): Promise<StaticModelParts> {
  const { table, config } = await findLayout(folder, reading);
  const file = await openCheckpoint(table, (await findCheckpoint(table)) ?? checkpointFiles[0]);
  const tokenizer = await table.read("tokenizer.json");
  const name = tableNames.find((candidate) => file.tensors.has(candidate));
  if (name === undefined) {
    throw new SemspaceError(
      "mismatch",
      `No table in ${file.name}. It has: ${[...file.tensors.keys()].join(", ") || "nothing"}; a static model has one of: ${tableNames.join(", ")}.`,
    );
  }
  const { shape } = file.tensor(name);
  if (shape.length !== 2 || shape[1] === 0) throw wrongShape(file, name, "[rows, dimensions]");
  // sentence-transformers looks at mapping and weights only beside model2vec's name for the table.
  const whole = name === "embeddings" || reading === "model2vec";
  return {
    rows: await readRows(file, name),
    dimensions: shape[1],
    rowOf:
      whole && file.tensors.has("mapping")
        ? await readVector(file, "mapping", (tensor) => file.readInt32(tensor))
        : undefined,
    weightOf:
      whole && file.tensors.has("weights")
        ? await readVector(file, "weights", (tensor) => file.readFloat32(tensor))
        : undefined,
    tokenizer,
    config,
  };
}

async function findLayout(folder: ModelFolder, reading: StaticReading): Promise<Layout> {
  const path = await staticModule(folder);
  if (reading === "sentence-transformers") {
    return { table: path === undefined ? folder : subfolder(folder, path), config: { max_length: null } };
  }
  const config =
    (await readJsonIfPresent<StaticConfig>(folder, "config.json")) ??
    (await readJsonIfPresent<StaticConfig>(folder, "config_sentence_transformers.json")) ??
    {};
  const nested = subfolder(folder, "0_StaticEmbedding");
  const isNested = (await findCheckpoint(folder)) === undefined && (await findCheckpoint(nested)) !== undefined;
  return { table: isNested ? nested : folder, config };
}

/** The path of the StaticEmbedding that modules.json starts with. */
async function staticModule(folder: ModelFolder): Promise<string | undefined> {
  const modules = await readJsonIfPresent<ModuleEntry[]>(folder, "modules.json");
  if (!Array.isArray(modules)) return undefined;
  const [first] = modules;
  return first?.type?.split(".").at(-1) === "StaticEmbedding" ? (first.path ?? "") : undefined;
}

/** int8 stays int8; every other type becomes float32. */
async function readRows(file: TensorFile, name: string): Promise<Int8Array | Float32Array> {
  if (file.tensor(name).dtype !== "I8") return file.readFloat32(name);
  const bytes = await file.readBytes(name);
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function readVector<V>(file: TensorFile, name: string, read: (name: string) => Promise<V>): Promise<V> {
  if (file.tensor(name).shape.length !== 1) throw wrongShape(file, name, "[token ids]");
  return read(name);
}

function wrongShape(file: TensorFile, name: string, wanted: string): SemspaceError {
  const { shape } = file.tensor(name);
  return new SemspaceError(
    "mismatch",
    `Tensor "${name}" in ${file.name} has the shape [${shape.join(", ")}], a static model has ${wanted}.`,
  );
}
