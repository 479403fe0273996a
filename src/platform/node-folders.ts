/** Folders that appear at once, complete or not at all, and files that are hard links: what a cache shared by processes needs. */
import { link, mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export async function fileIdentity(
  location: string,
): Promise<{ key: string; path: string; links: number } | undefined> {
  try {
    const path = await realpath(location);
    const { dev, ino, size, mtimeNs, nlink } = await stat(path, { bigint: true });
    return { key: `${dev}:${ino}:${size}:${mtimeNs}`, path, links: Number(nlink) };
  } catch {
    return undefined;
  }
}

export async function publishFolder(
  location: string,
  {
    links,
    files,
  }: {
    links: Readonly<Record<string, string>>;
    files: Readonly<Record<string, Uint8Array | AsyncIterable<Uint8Array>>>;
  },
): Promise<boolean> {
  const temporary = `${location}.${process.pid}.${Math.random().toString(36).slice(2)}.part`;
  try {
    await mkdir(dirname(location), { recursive: true });
    await mkdir(temporary);
    for (const [name, target] of Object.entries(links)) await link(target, join(temporary, name));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(temporary, name), bytes);
    await rename(temporary, location);
    return true;
  } catch {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    return (await stat(location).catch(() => undefined))?.isDirectory() ?? false;
  }
}

export async function removeFolder(location: string): Promise<void> {
  await rm(location, { recursive: true, force: true }).catch(() => undefined);
}
