/** The real models that `npm run models` fetched into the user's cache; tests skip where one is missing. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../src/platform/node.ts";

const noticed = new Set<string>();

/** The folder of a real model, or undefined, with a notice on stderr, where it was not fetched. */
export function realModel(name: string): string | undefined {
  const folder = join(cacheFolder()!, "models", name);
  if (existsSync(folder)) return folder;
  if (!noticed.has(name)) console.warn(`${name} is not fetched, its tests skip. Fetch it: npm run models -- ${name}`);
  noticed.add(name);
  return undefined;
}
