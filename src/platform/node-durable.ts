/** What an index on disk needs beyond a cache: files that are there after a power cut, and a lock that is held for long. */
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { lockNow } from "./node-downloads.ts";

export async function writeDurably(location: string, bytes: Uint8Array | Iterable<Uint8Array>): Promise<void> {
  const folder = dirname(location);
  await mkdir(folder, { recursive: true });
  const temporary = `${location}.${process.pid}.${Math.random().toString(36).slice(2)}.part`;
  try {
    const file = await open(temporary, "wx");
    try {
      for (const piece of bytes instanceof Uint8Array ? [bytes] : bytes) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, location);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
  await syncFolder(folder);
}

/** The name is on disk too; not every system lets a folder be synchronised. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

export async function holdLock(location: string): Promise<(() => Promise<void>) | undefined> {
  await mkdir(dirname(location), { recursive: true });
  return lockNow(location);
}
