/** `#platform` in a browser: files are URLs, nothing can be listed or written. */
import { chunksOf } from "./stream-chunks.ts";
import { SemspaceError } from "../errors.ts";
import type { Thread } from "./platform.ts";

export { importEngine } from "./browser-engine.ts";

export const runtime = "browser" as const;

// WebAssembly takes as long for a token however many come at once (measured from 384 to 768), so padding decides.
export const batchTokens = 128;

export async function readBytes(location: string, range?: { offset: number; length: number }): Promise<Uint8Array> {
  const headers = range ? { Range: `bytes=${range.offset}-${range.offset + range.length - 1}` } : undefined;
  const response = await fetchFile(location, headers && range!.length > 0 ? { headers } : {});
  // A server that does not know ranges sends the whole file with status 200.
  const isWhole = range !== undefined && response.status !== 206;
  const part = isWhole ? await partOf(response, range) : new Uint8Array(await response.arrayBuffer());
  if (range && part.length !== range.length) {
    const wanted = `bytes ${range.offset} to ${range.offset + range.length} were asked for`;
    throw new SemspaceError(
      "invalid-file",
      `${location} is cut short: ${wanted}, ${part.length} came. Fetch it again.`,
    );
  }
  return part;
}

/** Reads an answer until the range is there, and lets go of the rest. Gives less where it ends before. */
async function partOf(response: Response, { offset, length }: { offset: number; length: number }): Promise<Uint8Array> {
  const part = new Uint8Array(length);
  let at = 0;
  let filled = 0;
  if (!response.body) return part.subarray(0, 0);
  const reader = response.body.getReader();
  while (filled < length) {
    const { value, done } = await reader.read();
    if (done) break;
    const piece = value.subarray(Math.max(0, offset - at), Math.max(0, offset + length - at));
    part.set(piece, filled);
    filled += piece.length;
    at += value.length;
  }
  await reader.cancel().catch(() => undefined);
  return part.subarray(0, filled);
}

export async function readBlob(location: string, onProgress?: (loaded: number, total: number) => void): Promise<Blob> {
  const response = await fetchFile(location);
  if (!onProgress || !response.body) return response.blob();
  // A compressed answer's length is not the file's.
  const length = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
  const total = Number(length ?? Number.NaN);
  let loaded = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        loaded += chunk.length;
        onProgress(loaded, total);
        controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted).blob();
}

/** The server's answer, which is the file. Throws `missing-file`; a single-page app's server answers any path with its HTML page. */
async function fetchFile(location: string, request: RequestInit = {}): Promise<Response> {
  const response = await fetch(location, request).catch((cause: unknown) => {
    const message = `Cannot fetch ${location}. Is the address right, and may this page read it?`;
    throw new SemspaceError("missing-file", message, { cause });
  });
  const notTheFile = response.headers.get("content-type")?.startsWith("text/html") && !/\.html?$/.test(location);
  if (response.ok && !notTheFile) return response;
  const answer = response.ok ? "with a web page, so it has no such file" : response.status;
  throw new SemspaceError("missing-file", `Cannot fetch ${location}: the server answered ${answer}.`);
}

/** NaN when the file is there but the server does not tell its size. */
export async function fileSize(location: string): Promise<number | undefined> {
  const response = await fetch(location, { method: "HEAD" }).catch(() => undefined);
  // A single-page app's server answers any path with its HTML page.
  if (!response?.ok || response.headers.get("content-type")?.startsWith("text/html")) return undefined;
  // A compressed answer's length is not the file's.
  if (response.headers.has("content-encoding")) return Number.NaN;
  return Number(response.headers.get("content-length") ?? Number.NaN);
}

export function listFolder(_location: string): Promise<string[] | undefined> {
  return Promise.resolve(undefined);
}

export function joinLocation(base: string, path: string): string {
  const root = new URL(base.endsWith("/") ? base : `${base}/`, globalThis.location?.href);
  return new URL(path, root).href;
}

export function writeBytes(
  location: string,
  _bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  return Promise.reject(
    new SemspaceError("unavailable", `A browser cannot write ${location}. Save the bytes with the page's own means.`),
  );
}

export function modifiedTime(_location: string): Promise<number | undefined> {
  return Promise.resolve(undefined);
}

export function removeFile(location: string): Promise<void> {
  return Promise.reject(
    new SemspaceError("unavailable", `A browser cannot remove ${location}. Remove it where it is kept.`),
  );
}

export function shippedModelFiles(): Readonly<Record<string, string>> {
  return {
    "config.json": new URL("../../models/default/config.json", import.meta.url).href,
    "config_sentence_transformers.json": new URL(
      "../../models/default/config_sentence_transformers.json",
      import.meta.url,
    ).href,
    "model.safetensors": new URL("../../models/default/model.safetensors", import.meta.url).href,
    "modules.json": new URL("../../models/default/modules.json", import.meta.url).href,
    "tokenizer.json": new URL("../../models/default/tokenizer.json", import.meta.url).href,
  };
}

export function fileIdentity(_location: string): Promise<undefined> {
  return Promise.resolve(undefined);
}

export function publishFolder(_location: string, _content: unknown): Promise<boolean> {
  return Promise.resolve(false);
}

export function removeFolder(_location: string): Promise<void> {
  return Promise.resolve();
}

export async function* readStream(location: string, _reuse?: boolean): AsyncGenerator<Uint8Array> {
  if (location === "-") {
    throw new SemspaceError("unavailable", "A browser has no standard input. Give a URL or the lines themselves.");
  }
  const { body } = await fetchFile(location);
  if (!body) return;
  yield* chunksOf(body);
}

export function temporaryFile(_existing?: string, _writable?: boolean): Promise<undefined> {
  return Promise.resolve(undefined);
}

export function environment(_name: string): string | undefined {
  return undefined;
}

export function homeFolder(): string | undefined {
  return undefined;
}

export function appendBytes(location: string, _from: number, _chunks: AsyncIterable<Uint8Array>): Promise<void> {
  return Promise.reject(noFiles(location));
}

export function fileDigest(location: string, _algorithm: "sha1" | "sha256", _prefix?: string): Promise<string> {
  return Promise.reject(noFiles(location));
}

export function moveFile(from: string, _to: string): Promise<void> {
  return Promise.reject(noFiles(from));
}

export function linkFile(location: string, _target: string): Promise<void> {
  return Promise.reject(noFiles(location));
}

export function withLock<Result>(location: string, _work: () => Promise<Result>): Promise<Result> {
  return Promise.reject(noFiles(location));
}

export function holdLock(location: string): Promise<(() => Promise<void>) | undefined> {
  return Promise.reject(noFiles(location));
}

export function writeDurably(location: string, _bytes: Uint8Array | Iterable<Uint8Array>): Promise<void> {
  return Promise.reject(noFiles(location));
}

function noFiles(location: string): SemspaceError {
  return new SemspaceError("unavailable", `A browser has no files of its own, so no ${location}.`);
}

export function guardStrays<Result>(
  _isStray: (reason: unknown) => boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  return work();
}

export function warn(message: string): void {
  // oxlint-disable-next-line no-console -- the one place where a page's developer looks
  console.warn(message);
}

export function cacheFolder(): string | undefined {
  return undefined;
}

export function availableThreads(): number {
  return Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1);
}

// A worker would need this package's files at addresses of their own, which a bundle does not have; one thread gives the same results.
export function startThread(_module: URL): Thread | undefined {
  return undefined;
}

export function parentThread(): Thread | undefined {
  return undefined;
}
