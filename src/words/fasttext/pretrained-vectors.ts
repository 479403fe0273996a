/** Word vectors that a training begins with. */
import { SemspaceError } from "../../errors.ts";
import type { WordVectors } from "../word-vectors.ts";
import type { FastTextRun } from "./training-options.ts";

/** Reads them where a file is given. Throws `mismatch` when they have other dimensions than the model is to have. */
export async function pretrainedVectors({
  pretrainedVectors: given,
  settings,
}: FastTextRun): Promise<WordVectors | undefined> {
  if (given === undefined) return undefined;
  const vectors = typeof given === "string" ? await (await import("../formats/load.ts")).loadWordVectors(given) : given;
  if (vectors.dimensions === settings.dimensions) return vectors;
  const message = `pretrainedVectors has ${vectors.dimensions} dimensions, the model ${settings.dimensions}. Set dimensions: ${vectors.dimensions}.`;
  throw new SemspaceError("mismatch", message);
}
