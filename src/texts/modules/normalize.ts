/** Normalize: every vector to length 1. Its folder may be empty or not there; a newer one names the matrices. */
import { type ModelFolder, readJsonIfPresent } from "../../hub/folder.ts";
import { normalized, normalizeRows } from "../../matrix/index.ts";
import type { TextModule } from "./module.ts";

interface NormalizeFile {
  module_input_name?: string;
  module_output_name?: string | null;
}

export async function loadNormalize(folder: ModelFolder): Promise<TextModule> {
  const file = (await readJsonIfPresent<NormalizeFile>(folder, "config.json")) ?? {};
  const input = file.module_input_name ?? "sentence_embedding";
  const output = file.module_output_name ?? input;
  return {
    input,
    output,
    dimensions: (got) => got,
    apply: (vectors) => (output === input ? normalizeRows(vectors) : normalized(vectors)),
  };
}
