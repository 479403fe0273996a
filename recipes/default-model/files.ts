/** Where the recipe keeps what it makes on the way: the user's cache, because teaching takes an hour that need not be spent twice. */
import { homedir } from "node:os";
import { join } from "node:path";

export const workFolder: string =
  process.env["SEMSPACE_RECIPE_WORK"] ?? join(homedir(), ".cache/semspace/recipes/default-model");

export const passagesFile: string = join(workFolder, "passages.txt");

/** Passages a shard of teacher's vectors holds. */
export const shardSize = 4096;

/** float16 vectors of the passages `shard × shardSize …`, row-major. */
export function shardFile(teacher: string, shard: number): string {
  return join(workFolder, teacher, `${String(shard).padStart(4, "0")}.f16`);
}

/** Each seed gives a model; the first is shipped, whatever the others measure. */
export const seeds = [1, 2, 3] as const;

/** The model of a seed, in float32. */
export function seedFolder(seed: number): string {
  return join(workFolder, `seed-${seed}`);
}

/** model2vec's distillation of the same teacher: what every seed starts from, and what the package shipped before. */
export const firstEdition: string = join(workFolder, "first-edition");

export const shipped: string = join(import.meta.dirname, "../../models/default");
