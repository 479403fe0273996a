/** Files and folders → the passages in them. What cannot be read is said and skipped; binary files below a folder are left out silently. */
import type { Passage } from "../documents/index.ts";
import { passagesOf, readContent } from "./file-passages.ts";
import { walk, type FoundFile, type WalkOptions } from "./walk.ts";

export interface ReadPassages {
  passages: Passage[];
  /** Files that passages were looked for in. */
  files: number;
  /** Files and folders that could not be read. */
  unreadable: number;
}

export interface ReadPassagesOptions extends WalkOptions {
  /** Says what was skipped and why. */
  warn: (message: string) => void;
  /** Called with the number of files read so far. */
  progress?: (files: number) => void;
}

/** Files that are read at once. */
const AT_ONCE = 8;

/** Throws `missing-file` for a path that is not there. */
export async function readPassages(paths: readonly string[], options: ReadPassagesOptions): Promise<ReadPassages> {
  const result: ReadPassages = { passages: [], files: 0, unreadable: 0 };
  let readerMissing = false;
  const skip = (path: string, reason: string) => {
    options.warn(`skipped ${path}: ${reason}`);
    result.unreadable += 1;
  };
  const take = async (batch: readonly FoundFile[]) => {
    const contents = await Promise.all(batch.map(({ path }) => readContent(path)));
    for (const [i, { path, named }] of batch.entries()) {
      const content = contents[i];
      const found = content instanceof Uint8Array ? await passagesOf(content, path) : content;
      if (Array.isArray(found)) {
        for (const passage of found) result.passages.push(passage);
        result.files += 1;
      } else if (found.kind === "broken") skip(path, found.reason);
      else if (found.kind === "binary") {
        if (named) skip(path, "it is not text");
      } else if (readerMissing) result.unreadable += 1;
      else {
        skip(path, found.reason);
        readerMissing = true;
      }
    }
    options.progress?.(result.files);
  };
  let batch: FoundFile[] = [];
  for await (const file of walk(paths, { ...options, unreadable: skip })) {
    batch.push(file);
    if (batch.length < AT_ONCE) continue;
    await take(batch);
    batch = [];
  }
  await take(batch);
  return result;
}
