/**
 * Where a graph lies when ONNX Runtime opens it. It maps external data into memory, but only from a real file beside the graph:
 * no absolute paths, no `..`, no symbolic links, which the hub's own cache is made of. And a model's folder is not ours to write into.
 * So the graph is kept in our cache folder with hard links to the files of weights beside it. Where that cannot be (another disk,
 * a cache that cannot be written, a folder that is not on disk) graph and weights are handed over as bytes, which costs
 * a copy of the weights while the model opens.
 *
 * A hard link is the weights' file itself, so it is never stale; the name of the folder is a hash of the graph (with the
 * position of every tensor) and of the files' identities, so a changed file gets a new one.
 */
import {
  cacheFolder,
  fileIdentity,
  fileSize,
  joinLocation,
  listFolder,
  publishFolder,
  removeFile,
  removeFolder,
} from "#platform";
import type { ModelFolder } from "../hub/folder.ts";
import { quantizedFile } from "./quantized-weights.ts";
import type { SessionSource } from "./session.ts";
import type { WeightFiles } from "./weights.ts";

const graphFile = "model.onnx";

/** A file that is made for a graph. */
export interface MadeFile {
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  /** Whether it stays beside the graph when the session is open, to be found there the next time. */
  readonly isKept: boolean;
  bytes(): AsyncIterable<Uint8Array>;
}

/** The graph in our cache beside links to the files of weights; undefined where that cannot be. */
export async function linkedGraph(
  folder: ModelFolder,
  weights: WeightFiles,
  { graph, made }: { graph: Uint8Array; made?: MadeFile },
): Promise<SessionSource | undefined> {
  const cache = cacheFolder();
  const files = await identities(folder, weights);
  if (cache === undefined || files === undefined) return undefined;
  const graphs = joinLocation(cache, "graphs");
  const place = joinLocation(graphs, await hash(graph, files.map(({ key }) => key).join()));
  const isComplete = async () => {
    for (const { name, key } of files) if ((await fileIdentity(joinLocation(place, name)))?.key !== key) return false;
    if (made && (await fileSize(joinLocation(place, made.path))) !== made.length) return false;
    return (await fileIdentity(joinLocation(place, graphFile))) !== undefined;
  };
  const wasThere = await isComplete();
  if (!wasThere) {
    await removeFolder(place);
    await removeOrphans(graphs);
    const links = Object.fromEntries(files.map(({ name, path }) => [name, path]));
    const written = { [graphFile]: graph, ...(made && { [made.path]: made.bytes() }) };
    if (!(await publishFolder(place, { links, files: written })) || !(await isComplete())) return undefined;
  }
  const packed = await weights.packed();
  const unwanted = made && !made.isKept && !wasThere ? joinLocation(place, made.path) : undefined;
  return {
    model: joinLocation(place, graphFile),
    key: place,
    ...(packed && { externalData: [packed] }),
    // What is mapped stays readable without its name; where the system does not allow that, the file stays.
    ...(unwanted !== undefined && { opened: () => removeFile(unwanted).catch(() => undefined) }),
  };
}

/** The file's bytes in memory. */
export async function gathered({ length, bytes }: Pick<MadeFile, "length" | "bytes">): Promise<Uint8Array> {
  const data = new Uint8Array(length);
  let at = 0;
  for await (const piece of bytes()) {
    data.set(piece, at);
    at += piece.length;
  }
  return data;
}

/** Graph and weights as bytes: works everywhere. */
export async function graphInMemory(
  folder: ModelFolder,
  weights: WeightFiles,
  graph: Uint8Array,
): Promise<SessionSource> {
  const externalData: NonNullable<SessionSource["externalData"]>[number][] = [];
  const addresses: string[] = [];
  for (const [path, file] of weights.ranges) {
    const published = await folder.blob?.(file);
    if (published) addresses.push(published.address);
    externalData.push({ path, data: published?.blob ?? (await folder.read(file)) });
  }
  const packed = await weights.packed();
  if (packed) externalData.push(packed);
  const key = addresses.length > 0 ? await hash(graph, addresses.join()) : undefined;
  return { model: graph, key, externalData };
}

/** Which files the weights are, by their names beside the graph; undefined when one is not on this disk. */
async function identities(
  folder: ModelFolder,
  { ranges }: WeightFiles,
): Promise<{ name: string; key: string; path: string }[] | undefined> {
  const found = [];
  for (const [name, file] of ranges) {
    const location = folder.location(file);
    const identity = location === undefined ? undefined : await fileIdentity(location);
    if (!identity) return undefined;
    found.push({ name, ...identity });
  }
  return found;
}

/** Where the link is the last name of a file of weights, the model itself is gone, and only this cache keeps its bytes on disk. */
async function removeOrphans(graphs: string): Promise<void> {
  for (const entry of (await listFolder(graphs)) ?? []) {
    const place = joinLocation(graphs, entry);
    for (const name of (await listFolder(place)) ?? []) {
      const file =
        name === graphFile || name === quantizedFile ? undefined : await fileIdentity(joinLocation(place, name));
      if (file?.links === 1) await removeFolder(place);
    }
  }
}

async function hash(graph: Uint8Array, key: string): Promise<string> {
  const suffix = new TextEncoder().encode(key);
  const bytes = new Uint8Array(graph.length + suffix.length);
  bytes.set(graph);
  bytes.set(suffix, graph.length);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
