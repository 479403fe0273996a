/** The parts of a multi-vector folder: the transformer, and the modules that turn its states into the vectors that are compared. */
import { findCheckpoint, openCheckpoint } from "../../formats/index.ts";
import { SemspaceError } from "../../errors.ts";
import { type ModelFolder, readJsonIfPresent } from "../../hub/folder.ts";
import { normalizeRows } from "../../matrix/index.ts";
import { readModuleList, unknownModule } from "../load-modules.ts";
import { linear, loadDense } from "../modules/dense.ts";
import type { TextModule } from "../modules/module.ts";
import { loadNormalize } from "../modules/normalize.ts";
import { type MultiVectorSettings, readMultiVectorSettings } from "./multi-vector-settings.ts";

export interface MultiVectorModules {
  readonly transformer: ModelFolder;
  /** From the hidden states to the vectors, [tokens, dimensions]. */
  readonly modules: readonly TextModule[];
  readonly settings: MultiVectorSettings;
}

const states = "token_embeddings";
const unitLength: TextModule = { input: states, output: states, dimensions: (got) => got, apply: normalizeRows };

/** Throws `unsupported` for a folder that is no multi-vector model, or has other modules. */
export async function loadMultiVectorModules(folder: ModelFolder): Promise<MultiVectorModules> {
  const config = await readJsonIfPresent<{ architectures?: unknown }>(folder, "config.json");
  if (Array.isArray(config?.architectures) && config.architectures.includes("HF_ColBERT"))
    return stanfordModules(folder);
  if ((await folder.size("modules.json")) === undefined) {
    throw new SemspaceError(
      "unsupported",
      `${folder.name} is no multi-vector model: it has no modules.json, and config.json does not name HF_ColBERT.`,
    );
  }
  const [first, ...later] = await readModuleList(folder);
  if (first.type !== "Transformer")
    throw unknownModule(folder, `starts with the module ${first.type}`, ["Transformer"]);
  const mask = later.find(({ type }) => type === "MultiVectorMask");
  const settings = await readMultiVectorSettings(folder, {
    transformer: first.folder,
    mask: mask?.folder,
    isStanford: false,
  });
  const modules = await Promise.all(
    later.filter((entry) => entry !== mask).map(({ type, folder: own }) => moduleOf(folder, type, own)),
  );
  // PyLate wrote down neither the mask nor the normalisation, and always had both.
  const file = await readJsonIfPresent<{ model_type?: unknown }>(folder, "config_sentence_transformers.json");
  if (file?.model_type === "ColBERT") modules.push(unitLength);
  return { transformer: first.folder, modules, settings };
}

function moduleOf(model: ModelFolder, type: string, folder: ModelFolder): Promise<TextModule> {
  if (type === "Dense") return loadDense(folder, states);
  if (type === "Normalize") return loadNormalize(folder);
  throw unknownModule(model, `has the module ${type} after its first`, ["Dense", "MultiVectorMask", "Normalize"]);
}

/** Stanford's ColBERT keeps the projection beside the encoder, as `linear.weight`. */
async function stanfordModules(folder: ModelFolder): Promise<MultiVectorModules> {
  const path = await findCheckpoint(folder);
  const file = await openCheckpoint(folder, path ?? "model.safetensors");
  const [outputs, inputs] = file.tensor("linear.weight").shape;
  const weight = await file.readFloat32("linear.weight");
  const projection: TextModule = {
    input: states,
    output: states,
    dimensions(got) {
      if (got === inputs) return outputs;
      throw new SemspaceError(
        "mismatch",
        `linear.weight in ${file.name} takes ${inputs} dimensions, the states have ${got}.`,
      );
    },
    apply: (vectors) => linear(vectors, weight),
  };
  const settings = await readMultiVectorSettings(folder, { transformer: folder, mask: undefined, isStanford: true });
  return { transformer: folder, modules: [projection, unitLength], settings };
}
