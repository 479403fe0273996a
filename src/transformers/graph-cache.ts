/**
 * Where a graph lies when ONNX Runtime opens it. It maps external data into memory, but only from a real file beside the graph:
 * no absolute paths, no `..`, no symbolic links, which the hub's own cache is made of. And a model's folder is not ours to write into.
 * So the graph is kept in our cache folder with a hard link to the weights beside it. Where that cannot be (another disk,
 * a cache that cannot be written, a folder that is not on disk) graph and weights are handed over as bytes, which costs
 * a copy of the weights while the model opens.
 *
 * A hard link is the weights' file itself, so it is never stale; the name of the folder is a hash of the graph (with the
 * position of every tensor) and of the file's identity, so a changed file gets a new one.
 */
import { cacheFolder, fileIdentity, joinLocation, listFolder, publishFolder, removeFolder } from "#platform";
import type { ModelFolder } from "../hub/folder.ts";
import type { SessionSource } from "./session.ts";
import { weightsFile } from "./weights.ts";

const graphFile = "model.onnx";

/** The graph in our cache beside a link to `weightsPath` of `folder`; undefined where that cannot be. */
export async function linkedGraph(
  folder: ModelFolder,
  weightsPath: string,
  graph: Uint8Array,
): Promise<SessionSource | undefined> {
  const cache = cacheFolder();
  const location = folder.location(weightsPath);
  const weights = location === undefined ? undefined : await fileIdentity(location);
  if (cache === undefined || weights === undefined) return undefined;
  const graphs = joinLocation(cache, "graphs");
  const place = joinLocation(graphs, await hash(graph, weights.key));
  const isComplete = async () => {
    const linked = await fileIdentity(joinLocation(place, weightsFile));
    return linked?.key === weights.key && (await fileIdentity(joinLocation(place, graphFile))) !== undefined;
  };
  if (!(await isComplete())) {
    await removeFolder(place);
    await removeOrphans(graphs);
    const content = { links: { [weightsFile]: weights.path }, files: { [graphFile]: graph } };
    if (!(await publishFolder(place, content)) || !(await isComplete())) return undefined;
  }
  return { model: joinLocation(place, graphFile) };
}

/** Graph and weights as bytes: works everywhere. */
export async function graphInMemory(
  folder: ModelFolder,
  weightsPath: string,
  graph: Uint8Array,
): Promise<SessionSource> {
  return { model: graph, externalData: [{ path: weightsFile, data: await folder.read(weightsPath) }] };
}

/** Where the link is the last name of the weights, the model itself is gone, and only this cache keeps its bytes on disk. */
async function removeOrphans(graphs: string): Promise<void> {
  for (const name of (await listFolder(graphs)) ?? []) {
    const place = joinLocation(graphs, name);
    const weights = await fileIdentity(joinLocation(place, weightsFile));
    if (weights?.links === 1) await removeFolder(place);
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
