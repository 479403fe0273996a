/** The folder of a real model that `npm run models` put into the cache. In your own code: just the path of a model's folder. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../src/platform/node.ts";

export function fetchedModel(name: string): string {
  const folder = join(cacheFolder()!, "models", name);
  if (existsSync(folder)) return folder;
  console.log(`This example needs ${name}. Fetch it: npm run models -- ${name}`);
  process.exit(0);
}
