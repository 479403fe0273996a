/** A folder of its own for a test, gone afterwards. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "semspace-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
