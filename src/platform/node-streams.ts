/** Long files in Node: read from the front, and temporary ones that are written and read at any place. */
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SemspaceError } from "../errors.ts";
import type { TemporaryFile } from "./platform.ts";

/** Bytes read at once. */
const PIECE = 1 << 18;

export async function* readStream(location: string, reuse = false): AsyncGenerator<Uint8Array> {
  try {
    if (reuse && location !== "-") yield* pieces(location);
    else if (location === "-") yield* process.stdin as AsyncIterable<Uint8Array>;
    else yield* createReadStream(location, { highWaterMark: PIECE }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw unreadable(location, cause);
  }
}

/** Two buffers in turns: one is read while the other is used. A stream's buffers would pile up until they are collected. */
async function* pieces(location: string): AsyncGenerator<Uint8Array> {
  const file = await open(location, "r");
  const buffers = [new Uint8Array(PIECE), new Uint8Array(PIECE)];
  let next = file.read(buffers[0], 0, PIECE);
  try {
    for (let turn = 0; ; turn ^= 1) {
      const { bytesRead } = await next;
      if (bytesRead === 0) return;
      next = file.read(buffers[turn ^ 1], 0, PIECE);
      yield buffers[turn].subarray(0, bytesRead);
    }
  } finally {
    await next.catch(() => undefined);
    await file.close();
  }
}

/** The error of a file that cannot be opened or read. */
export function unreadable(location: string, cause: unknown): SemspaceError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  const message = reason === "ENOENT" ? `No such file: ${location}.` : `Cannot read ${location} (${reason}).`;
  return new SemspaceError("missing-file", message, { cause });
}

export async function temporaryFile(existing?: string, writable = false): Promise<TemporaryFile | undefined> {
  const folder = existing === undefined ? mkdtempSync(join(tmpdir(), "semspace-")) : dirname(existing);
  const path = existing ?? join(folder, "data");
  const file = await open(path, existing === undefined ? "w+" : writable ? "r+" : "r");
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  if (existing === undefined) process.once("exit", removeNow);
  return {
    path,
    async write(position, bytes) {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    async read(position, bytes) {
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
        if (bytesRead === 0)
          throw new SemspaceError("invalid-file", `${path} is shorter than ${position + bytes.length} bytes.`);
        done += bytesRead;
      }
    },
    close: () => file.close(),
    async remove() {
      process.off("exit", removeNow);
      await file.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
