/** `#platform` in a browser: files are URLs, nothing can be listed or written. */
import { SemspaceError } from "../errors.ts";

export const runtime = "browser" as const;

export async function readBytes(location: string, range?: { offset: number; length: number }): Promise<Uint8Array> {
  const response = await fetch(location).catch((cause: unknown) => {
    throw new SemspaceError("missing-file", `Cannot fetch ${location}. Is the address right, and may this page read it?`, {
      cause,
    });
  });
  if (!response.ok) {
    throw new SemspaceError("missing-file", `Cannot fetch ${location}: the server answered ${response.status}.`);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!range) return bytes;
  if (range.offset < 0 || range.offset + range.length > bytes.length) {
    throw new SemspaceError(
      "invalid-file",
      `${location} has ${bytes.length} bytes, bytes ${range.offset} to ${range.offset + range.length} were asked for.`,
    );
  }
  return bytes.subarray(range.offset, range.offset + range.length);
}

export async function fileSize(location: string): Promise<number | undefined> {
  const response = await fetch(location, { method: "HEAD" }).catch(() => undefined);
  // A single-page app's server answers any path with its HTML page.
  if (!response?.ok || response.headers.get("content-type")?.startsWith("text/html")) return undefined;
  return Number(response.headers.get("content-length") ?? Number.NaN);
}

export function listFolder(_location: string): Promise<string[] | undefined> {
  return Promise.resolve(undefined);
}

export function joinLocation(base: string, path: string): string {
  const root = new URL(base.endsWith("/") ? base : `${base}/`, globalThis.location?.href);
  return new URL(path, root).href;
}

export function writeBytes(location: string, _bytes: Uint8Array): Promise<void> {
  return Promise.reject(
    new SemspaceError("unavailable", `A browser cannot write ${location}. Save the bytes with the page's own means.`),
  );
}

export function shippedModelLocation(): string {
  return new URL("../../models/default/", import.meta.url).href;
}

export function cacheFolder(): string | undefined {
  return undefined;
}

export function availableThreads(): number {
  return Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1);
}
