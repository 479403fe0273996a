/** A folder against what an index knows of it: which files are new, changed, or gone. Size and time tell first, the hash of the content then. */
import { createHash } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { walk, type WalkOptions } from "../walk.ts";
import type { FileTable } from "./file-table.ts";

export interface FoundDocument {
  /** As the index names it. */
  file: string;
  /** Where it lies. */
  path: string;
  size: number;
  time: number;
}

export interface Changes {
  /** Files that must be looked at: new, or of another size or time. */
  suspects: FoundDocument[];
  /** Names of files that are gone. */
  gone: string[];
  /** Files that are as they were. */
  same: number;
}

/** Files whose sizes are asked for at once. */
const AT_ONCE = 64;
/** A file that was changed so many ms ago may change again without another time. */
const TOO_NEW = 2000;

export async function findChanges(
  table: FileTable,
  options: WalkOptions & { index: string; onProgress?: (files: number) => void },
): Promise<Changes> {
  const { folder } = table.settings;
  const index = await realpath(options.index).catch(() => resolve(options.index));
  const changes: Changes = { suspects: [], gone: [], same: 0 };
  const missing = table.names();
  let batch: string[] = [];
  const take = async (): Promise<void> => {
    const found = await Promise.all(
      batch.map(async (path) => ({ path, stats: await stat(path).catch(() => undefined) })),
    );
    for (const { path, stats } of found) {
      if (!stats?.isFile()) continue;
      const file = relative(folder, path).split(sep).join("/");
      missing.delete(file);
      const { size } = stats;
      const time = Math.round(stats.mtimeMs);
      const known = table.known(file);
      if (known && known.size === size && known.time === time) changes.same += 1;
      else changes.suspects.push({ file, path, size, time });
    }
    batch = [];
    options.onProgress?.(changes.same + changes.suspects.length);
  };
  for await (const { path } of walk([folder], options)) {
    const absolute = resolve(path);
    if (absolute === index || absolute.startsWith(index + sep)) continue;
    batch.push(absolute);
    if (batch.length >= AT_ONCE) await take();
  }
  await take();
  changes.gone = [...missing];
  return changes;
}

export function contentHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}

/** The time to be kept for a file that was read just now. */
export function timeToKeep(time: number, now: number): number {
  return now - time < TOO_NEW ? 0 : time;
}
