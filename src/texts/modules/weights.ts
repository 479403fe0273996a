/** The few tensors of a small module (Dense, LayerNorm), read whole and checked. */
import { SemspaceError } from "../../errors.ts";
import { openSafetensors } from "../../formats/safetensors.ts";
import type { ModelFolder } from "../../hub/folder.ts";

/**
 * Reads the tensors named by `shapes` from model.safetensors as float32. Throws `mismatch` for a missing tensor or one of
 * another shape, `unsupported` where the folder has only pytorch_model.bin.
 */
export async function readWeights(
  folder: ModelFolder,
  shapes: Readonly<Record<string, readonly number[]>>,
): Promise<Record<string, Float32Array>> {
  const path = "model.safetensors";
  if ((await folder.size(path)) === undefined && (await folder.size("pytorch_model.bin")) !== undefined) {
    throw new SemspaceError(
      "unsupported",
      `${folder.name} has pytorch_model.bin, which is not read. Save the model again as model.safetensors (sentence-transformers: model.save_pretrained).`,
    );
  }
  const file = await openSafetensors(folder, path);
  const entries = Object.entries(shapes).map(async ([name, shape]): Promise<[string, Float32Array]> => {
    const got = file.tensor(name).shape;
    if (got.join() !== shape.join()) {
      throw new SemspaceError(
        "mismatch",
        `Tensor "${name}" in ${file.name} must be [${shape.join(", ")}], got [${got.join(", ")}].`,
      );
    }
    return [name, await file.readFloat32(name)];
  });
  return Object.fromEntries(await Promise.all(entries));
}
