/** Files and folders → the passages in them. What cannot be read is said and skipped; binary files below a folder are left out silently. */
import { readFile, stat } from "node:fs/promises";
import { MAX_DOCUMENT_BYTES, parseDocument, passages, type Passage } from "../documents/index.ts";
import { SemspaceError } from "../errors.ts";
import { walk, type WalkOptions } from "./walk.ts";

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

/** Throws `missing-file` for a path that is not there. */
export async function readPassages(paths: readonly string[], options: ReadPassagesOptions): Promise<ReadPassages> {
  const result: ReadPassages = { passages: [], files: 0, unreadable: 0 };
  const skip = (path: string, reason: string) => {
    options.warn(`skipped ${path}: ${reason}`);
    result.unreadable += 1;
  };
  for await (const { path, named } of walk(paths, { ...options, unreadable: skip })) {
    const found = await readOne(path);
    if (typeof found === "string") skip(path, found);
    else if (found) {
      for (const passage of found) result.passages.push(passage);
      result.files += 1;
    } else if (named) skip(path, "it is not text");
    options.progress?.(result.files);
  }
  return result;
}

/** The passages of a file, undefined for a binary file, or the reason why it cannot be read. */
async function readOne(path: string): Promise<Passage[] | string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MAX_DOCUMENT_BYTES) return `it has ${size} bytes, more than the ${MAX_DOCUMENT_BYTES} that are read`;
    return passages(parseDocument(await readFile(path), { file: path }));
  } catch (error) {
    if (error instanceof SemspaceError && error.code === "unsupported") return undefined;
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "EACCES" || code === "EPERM" ? "no permission to read it" : (code ?? message);
  }
}
