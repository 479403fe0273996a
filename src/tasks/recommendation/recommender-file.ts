/**
 * A recommender as one safetensors file: the signals' tensors, the histories, and in the header (`__metadata__`) the items with their
 * metadata, weights, and whose content vectors they are.
 */
import { readBytes, writeBytes } from "#platform";
import { SemspaceError, shown } from "../../errors.ts";
import type { SafetensorsFile } from "../../formats/safetensors.ts";
import { type TensorToWrite, writeSafetensors } from "../../formats/safetensors-writer.ts";
import { Matrix } from "../../matrix/index.ts";
import type { Metadata } from "../../search/filter.ts";
import { openTensors } from "../trained-file.ts";
import { Catalog } from "./catalog.ts";
import { ContentSpace } from "./content-space.ts";
import { LinearSignal } from "./linear-signal.ts";
import { Recommender } from "./recommender.ts";
import type { Signal, SignalKind } from "./signal.ts";
import { VectorSignal } from "./vector-signal.ts";

const FORMAT = "semspace-recommender";

/** The bytes of the file. */
export function recommenderBytes(recommender: Recommender): Uint8Array {
  const { catalog, signals, weights, decay, users, content } = recommender.parts;
  const histories = [...users.values()];
  const starts = new Int32Array(histories.length + 1);
  for (const [i, history] of histories.entries()) starts[i + 1] = starts[i] + history.length;
  const joined = new Int32Array(starts[histories.length]);
  for (const [i, history] of histories.entries()) joined.set(history, starts[i]);
  const tensors: Record<string, TensorToWrite> = {
    counts: integers(Int32Array.from(catalog.counts)),
    histories: integers(joined),
    starts: integers(starts),
  };
  for (const signal of signals) {
    if (signal instanceof VectorSignal) tensors[signal.kind] = floats(signal.vectors);
    if (signal instanceof LinearSignal) tensors["linear"] = floats(signal.weights);
  }
  if (content) tensors["probe"] = { dtype: "F32", shape: [content.model.vector.length], data: content.model.vector };
  if (content?.map) tensors["map"] = floats(content.map);
  return writeSafetensors(tensors, {
    ...{ format: FORMAT, version: "1", model: content?.model.name ?? "", decay: String(decay) },
    items: JSON.stringify(catalog.ids),
    metadata: JSON.stringify(catalog.metadata.map((one) => one ?? null)),
    users: JSON.stringify([...users.keys()]),
    weights: JSON.stringify(weights),
  });
}

/** Writes the file, complete or not at all. Throws `unavailable` in a browser: keep {@link recommenderBytes} there. */
export async function saveRecommender(recommender: Recommender, path: string): Promise<void> {
  await writeBytes(path, recommenderBytes(recommender));
}

/** Reads a recommender from a path (in a browser a URL) or from its bytes. Throws `missing-file`, or `invalid-file` for what is no such file or a damaged one. */
export async function loadRecommender(source: string | Uint8Array): Promise<Recommender> {
  const [path, bytes] = typeof source === "string" ? [source, await readBytes(source)] : ["recommender", source];
  const file = await openTensors(path, bytes);
  const broken = (why: string): SemspaceError =>
    new SemspaceError("invalid-file", `${path} is no recommender of semspace: ${why}. Make it again.`);
  const words = file.metadata;
  if (words.get("format") !== FORMAT) throw broken(`its format is ${shown(words.get("format") ?? "not said")}`);
  const read: Reading = { file, broken };
  const catalog = await readCatalog(read);
  const weights = readWeights(words.get("weights"), broken);
  const decay = Number(words.get("decay"));
  if (!(decay >= 0 && decay <= 1)) throw broken(`its decay is ${shown(words.get("decay"))}`);
  const signals: Signal[] = [];
  for (const kind of ["sessions", "content"] as const) {
    const vectors = await matrix(read, kind);
    if (!vectors) continue;
    if (vectors.rows !== catalog.size) throw broken(`it has ${vectors.rows} vectors for ${catalog.size} items`);
    signals.push(new VectorSignal(kind, vectors));
  }
  const linear = await matrix(read, "linear");
  if (linear && (linear.rows !== linear.columns || linear.rows > catalog.size))
    throw broken(`its linear weights are ${linear.rows} x ${linear.columns} for ${catalog.size} items`);
  if (linear) signals.push(new LinearSignal(linear));
  const users = await readUsers(read, catalog.size);
  return new Recommender({ catalog, signals, weights, decay, users, content: await readContent(read) });
}

interface Reading {
  file: SafetensorsFile;
  broken: (why: string) => SemspaceError;
}

async function readCatalog(read: Reading): Promise<Catalog> {
  const ids = strings(read, "items");
  const metadata = parsed(read.file.metadata.get("metadata"));
  const counts = await numbers(read, "counts");
  if (!Array.isArray(metadata) || metadata.length !== ids.length || counts.length !== ids.length)
    throw read.broken(`not all of its ${ids.length} items have metadata and counts`);
  const catalog = new Catalog();
  for (const [i, id] of ids.entries()) {
    if (catalog.numberOf(id) !== undefined || id === "") throw read.broken(`item ${shown(id)} is there twice or empty`);
    const own = metadata[i] as Metadata | null;
    catalog.add(own === null ? { id } : { id, metadata: own });
    catalog.counts[i] = counts[i];
  }
  return catalog;
}

async function readUsers(read: Reading, items: number): Promise<Map<string, Int32Array>> {
  const names = strings(read, "users");
  const [histories, starts] = [await numbers(read, "histories"), await numbers(read, "starts")];
  const sound =
    starts.length === names.length + 1 &&
    starts.every((start, i) => start >= (i === 0 ? 0 : starts[i - 1]) && start <= histories.length) &&
    histories.every((item) => item >= 0 && item < items);
  if (!sound) throw read.broken("its histories do not fit its users and items");
  return new Map(names.map((name, i) => [name, histories.slice(starts[i], starts[i + 1])]));
}

async function readContent(read: Reading): Promise<ContentSpace | undefined> {
  if (!read.file.tensors.has("probe")) return undefined;
  const vector = await read.file.readFloat32("probe");
  return new ContentSpace(
    { name: read.file.metadata.get("model") ?? "", promptName: "", vector },
    await matrix(read, "map"),
  );
}

async function matrix({ file, broken }: Reading, name: string): Promise<Matrix | undefined> {
  const found = file.tensors.get(name);
  if (!found) return undefined;
  const [rows, columns, ...more] = found.shape;
  if (columns === undefined || more.length > 0) throw broken(`its tensor "${name}" is no matrix`);
  const data = await file.readFloat32(name);
  if (!data.every(Number.isFinite)) throw broken(`its tensor "${name}" holds a number that is not finite`);
  return new Matrix(data, rows, columns);
}

async function numbers({ file, broken }: Reading, name: string): Promise<Int32Array> {
  if (file.tensors.get(name)?.dtype !== "I32") throw broken(`it has no tensor "${name}" of whole numbers`);
  return file.readInt32(name);
}

function strings({ file, broken }: Reading, name: string): string[] {
  const value = parsed(file.metadata.get(name));
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw broken(`it has no list of ${name}`);
}

function readWeights(text: string | undefined, broken: Reading["broken"]): Record<SignalKind, number> {
  const value = parsed(text) as Partial<Record<SignalKind, unknown>> | undefined;
  const { sessions, content, linear } = value ?? {};
  const isNumber = (one: unknown): one is number => typeof one === "number" && one >= 0;
  if (isNumber(sessions) && isNumber(content) && isNumber(linear)) return { sessions, content, linear };
  throw broken(`its weights are ${shown(text)}`);
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function integers(data: Int32Array): TensorToWrite {
  return { dtype: "I32", shape: [data.length], data };
}

function floats({ data, rows, columns }: Matrix): TensorToWrite {
  return { dtype: "F32", shape: [rows, columns], data };
}
