/** `#platform` in Node: files are paths, the cache is a folder of the user. */
import { rmSync } from "node:fs";
import { open, readdir, rename, rm, stat, writeFile, mkdir } from "node:fs/promises";
import { availableParallelism, homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { SemspaceError } from "../errors.ts";
import { unreadable } from "./node-streams.ts";
import type { Thread } from "./platform.ts";

export { appendBytes, environment, fileDigest, homeFolder, linkFile, moveFile, withLock } from "./node-downloads.ts";
export { holdLock, writeDurably } from "./node-durable.ts";
export { importEngine } from "./node-engine.ts";
export { fileIdentity, publishFolder, removeFolder } from "./node-folders.ts";
export { guardStrays } from "./node-rejections.ts";
export { readStream, temporaryFile } from "./node-streams.ts";

export const runtime = "node" as const;

export const batchTokens = 512;

export async function readBytes(location: string, range?: { offset: number; length: number }): Promise<Uint8Array> {
  const file = await open(location, "r").catch((cause: unknown) => {
    throw unreadable(location, cause);
  });
  try {
    const size = (await file.stat()).size;
    const { offset, length } = range ?? { offset: 0, length: size };
    if (offset < 0 || length < 0 || offset + length > size) {
      throw new SemspaceError(
        "invalid-file",
        `${location} has ${size} bytes, bytes ${offset} to ${offset + length} were asked for. The file is cut short: fetch it again.`,
      );
    }
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await file.read(bytes, done, Math.min(length - done, 1 << 30), offset + done);
      if (bytesRead === 0) throw new SemspaceError("invalid-file", `${location} shrank while it was read. Try again.`);
      done += bytesRead;
    }
    return bytes;
  } catch (cause) {
    throw cause instanceof SemspaceError ? cause : unreadable(location, cause);
  } finally {
    await file.close();
  }
}

export function readBlob(location: string, _onProgress?: (loaded: number, total: number) => void): Promise<Blob> {
  return Promise.reject(new SemspaceError("unavailable", `Blobs are read in a browser only, not ${location}.`));
}

export async function fileSize(location: string): Promise<number | undefined> {
  const found = await stat(location).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

export async function listFolder(location: string): Promise<string[] | undefined> {
  const entries = await readdir(location, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return undefined;
  const names = entries.map(async (entry) => {
    const isFolder = entry.isSymbolicLink()
      ? ((await stat(join(location, entry.name)).catch(() => undefined))?.isDirectory() ?? false)
      : entry.isDirectory();
    return isFolder ? `${entry.name}/` : entry.name;
  });
  return (await Promise.all(names)).toSorted();
}

export function joinLocation(base: string, path: string): string {
  return join(base, path);
}

export async function writeBytes(
  location: string,
  bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  if ((await stat(location).catch(() => undefined))?.isDirectory())
    throw new SemspaceError("invalid-argument", `${location} is a folder. Name a file in it.`);
  await mkdir(dirname(location), { recursive: true });
  const temporary = `${location}.${process.pid}.${Math.random().toString(36).slice(2)}.part`;
  const removeNow = (): void => rmSync(temporary, { force: true });
  process.once("exit", removeNow);
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, location);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  } finally {
    process.off("exit", removeNow);
  }
}

export async function modifiedTime(location: string): Promise<number | undefined> {
  return (await stat(location).catch(() => undefined))?.mtimeMs;
}

export function removeFile(location: string): Promise<void> {
  return rm(location, { force: true });
}

export function shippedModelFiles(): Readonly<Record<string, string>> {
  return {
    "config.json": fileURLToPath(new URL("../../models/default/config.json", import.meta.url)),
    "config_sentence_transformers.json": fileURLToPath(
      new URL("../../models/default/config_sentence_transformers.json", import.meta.url),
    ),
    "model.safetensors": fileURLToPath(new URL("../../models/default/model.safetensors", import.meta.url)),
    "modules.json": fileURLToPath(new URL("../../models/default/modules.json", import.meta.url)),
    "tokenizer.json": fileURLToPath(new URL("../../models/default/tokenizer.json", import.meta.url)),
  };
}

export function cacheFolder(): string | undefined {
  const { SEMSPACE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (SEMSPACE_CACHE) return SEMSPACE_CACHE;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "semspace");
  if (process.platform === "win32" && LOCALAPPDATA) return join(LOCALAPPDATA, "semspace", "Cache");
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "semspace");
}

export function warn(message: string): void {
  process.emitWarning(message, "SemspaceWarning");
}

export function availableThreads(): number {
  return Math.max(1, availableParallelism());
}

export function startThread(module: URL): Thread | undefined {
  const worker = module.pathname.endsWith(".ts") ? sourceWorker(module) : new Worker(module);
  worker.unref();
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(onMessage, onEnd) {
      worker.on("message", onMessage);
      worker.on("error", (error) => onEnd?.(error));
      worker.on("exit", () => onEnd?.(undefined));
    },
    keepAlive: (on) => (on ? worker.ref() : worker.unref()),
    end: async () => void (await worker.terminate()),
  };
}

/** A thread on a module of the sources, which needs the TypeScript loader; Node 20 takes it only from inside the thread. */
function sourceWorker(module: URL): Worker {
  // Spelled so that no bundler looks for it: an app has the package, not its sources.
  const tsx = module.href.replace(/\/src\/.*/, "/node_modules/tsx/dist/esm/api/index.mjs");
  const [loader, entry] = [tsx, module.href].map((href) => JSON.stringify(href));
  const code = `import(${loader}).then(({ register }) => { register(); return import(${entry}); })`;
  return new Worker(code, { eval: true, execArgv: ["--conditions=semspace-source"] });
}

export function parentThread(): Thread | undefined {
  if (isMainThread || !parentPort) return undefined;
  const port = parentPort;
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    listen(onMessage, onEnd) {
      port.on("message", onMessage);
      port.on("close", () => onEnd?.(undefined));
    },
    keepAlive: (on) => (on ? port.ref() : port.unref()),
    end: () => Promise.resolve(port.close()),
  };
}
