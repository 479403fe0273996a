/** Whether files can be written where they were asked for, found out before the hours of work and not after. */
import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { SemspaceError } from "../../errors.ts";
import { UsageError } from "../arguments.ts";

/** Throws {@link UsageError} when two of the files, by what the command line calls them, are one, `missing-file` when one cannot be written. */
export async function checkPlaces(
  read: Readonly<Record<string, string | undefined>>,
  written: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const taken = new Map<string, string>();
  for (const [option, path] of Object.entries({ ...read, ...written })) {
    if (path === undefined || path === "-") continue;
    const place = resolve(path);
    const other = taken.get(place);
    if (other !== undefined && Object.hasOwn(written, option))
      throw new UsageError(`${other} and ${option} are one file: ${path}. Give another name.`);
    taken.set(place, option);
  }
  for (const [option, path] of Object.entries(written)) if (path !== undefined) await checkWritable(option, path);
}

async function checkWritable(option: string, path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory())
    throw new SemspaceError("invalid-argument", `${option} ${path} is a folder. Name a file in it.`);
  let folder = dirname(resolve(path));
  while (!(await stat(folder).catch(() => undefined)) && folder !== dirname(folder)) folder = dirname(folder);
  await access(folder, constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
    throw new SemspaceError("missing-file", `${option} ${path} cannot be written: ${folder} (${cause.code}).`, {
      cause,
    });
  });
}
