/** A file → its passages, or the reason why it has none. */
import { readFile, stat } from "node:fs/promises";
import { MAX_DOCUMENT_BYTES, passages, readDocument, type Passage, type PassageOptions } from "../documents/index.ts";
import { SemspaceError } from "../errors.ts";

export interface NoPassages {
  /** For people. */
  reason: string;
  /** "binary": it is no text; "reader": the package that reads it is not installed; "broken": it cannot be read. */
  kind: "binary" | "reader" | "broken";
}

/** The bytes of a file that may be read. */
export async function readContent(path: string): Promise<Uint8Array | NoPassages> {
  try {
    const found = await stat(path);
    // A pipe or a device may never end.
    if (!found.isFile()) return { kind: "broken", reason: "it is not a regular file" };
    const { size } = found;
    if (size > MAX_DOCUMENT_BYTES)
      return { kind: "broken", reason: `it has ${size} bytes, more than the ${MAX_DOCUMENT_BYTES} that are read` };
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      kind: "broken",
      reason: code === "EACCES" || code === "EPERM" ? "no permission to read it" : (code ?? message),
    };
  }
}

export async function passagesOf(
  bytes: Uint8Array,
  path: string,
  options: PassageOptions = {},
): Promise<Passage[] | NoPassages> {
  try {
    return passages(await readDocument(bytes, { file: path }), options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const code = error instanceof SemspaceError ? error.code : undefined;
    const kind = code === "unsupported" ? "binary" : code === "missing-dependency" ? "reader" : "broken";
    return { kind, reason };
  }
}
