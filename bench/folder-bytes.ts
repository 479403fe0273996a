/** How much room a model takes. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Bytes of a folder's files, without folders in it. */
export function bytesOfFolder(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
