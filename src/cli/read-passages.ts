/** Files and folders → the passages in them. What cannot be read is said and skipped; binary files below a folder are left out silently. */
import { readFile, stat } from "node:fs/promises";
import { MAX_DOCUMENT_BYTES, parseDocument, passages, type Passage } from "../documents/index.ts";
import { SemspaceError } from "../errors.ts";
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
  const skip = (path: string, reason: string) => {
    options.warn(`skipped ${path}: ${reason}`);
    result.unreadable += 1;
  };
  const take = async (batch: readonly FoundFile[]) => {
    const contents = await Promise.all(batch.map(({ path }) => readContent(path)));
    for (const [i, { path, named }] of batch.entries()) {
      const found = typeof contents[i] === "string" ? contents[i] : passagesOf(contents[i], path);
      if (typeof found === "string") skip(path, found);
      else if (found) {
        for (const passage of found) result.passages.push(passage);
        result.files += 1;
      } else if (named) skip(path, "it is not text");
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

/** The bytes of a file, or the reason why it cannot be read. */
async function readContent(path: string): Promise<Uint8Array | string> {
  try {
    const found = await stat(path);
    // A pipe or a device may never end.
    if (!found.isFile()) return "it is not a regular file";
    const { size } = found;
    if (size > MAX_DOCUMENT_BYTES) return `it has ${size} bytes, more than the ${MAX_DOCUMENT_BYTES} that are read`;
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "EACCES" || code === "EPERM" ? "no permission to read it" : (code ?? message);
  }
}

/** The passages in the bytes of a file; undefined when they are not text, a reason when its reader failed. */
function passagesOf(bytes: Uint8Array, path: string): Passage[] | string | undefined {
  try {
    return passages(parseDocument(bytes, { file: path }));
  } catch (error) {
    if (error instanceof SemspaceError && error.code === "unsupported") return undefined;
    return error instanceof Error ? error.message : String(error);
  }
}
