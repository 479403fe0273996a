/** The few tensors of a small module (Dense, LayerNorm), read whole and checked. */
import { SemspaceError } from "../../errors.ts";
import { checkpointFiles, findCheckpoint, openCheckpoint } from "../../formats/checkpoint.ts";
import type { ModelFolder } from "../../hub/folder.ts";

/**
 * Reads the tensors named by `shapes` from model.safetensors or pytorch_model.bin as float32. Throws `mismatch` for a missing tensor
 * or one of another shape, `missing-file` where the folder has no weights.
 */
export async function readWeights(
  folder: ModelFolder,
  shapes: Readonly<Record<string, readonly number[]>>,
): Promise<Record<string, Float32Array>> {
  const path = (await findCheckpoint(folder)) ?? checkpointFiles[0];
  const file = await openCheckpoint(folder, path);
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
