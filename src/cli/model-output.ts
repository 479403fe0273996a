/** The folder of a model that a command makes: whether it can be written is found out before the work; it is complete or not there. */
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { SemspaceError } from "../errors.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

/** Makes the folder above. Throws `invalid-argument` for an output that is not empty or no folder, `missing-file` where none can be made. */
export async function checkModelOutput(output: string): Promise<void> {
  const names = await readdir(output).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new SemspaceError(
      "invalid-argument",
      `${output} cannot be the new model's folder (${error.code}). Choose another --output.`,
    );
  });
  if (names.length > 0)
    throw new SemspaceError(
      "invalid-argument",
      `${output} is not empty (${names.length} files). Choose another --output, or remove it first.`,
    );
  await mkdir(dirname(output), { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new SemspaceError(
      "missing-file",
      `The folder of ${output} cannot be made (${cause.code}). Choose another --output.`,
      { cause },
    );
  });
}

/** Has `save` write a folder beside the output, which then takes its place. */
export async function writeModelOutput(output: string, save: (folder: string) => Promise<void>): Promise<void> {
  const temporary = new TemporaryFolder(output);
  try {
    await save(temporary.path);
    await rm(output, { recursive: true, force: true });
    await rename(temporary.path, output);
  } finally {
    temporary.release();
  }
}
