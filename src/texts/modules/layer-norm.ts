/** LayerNorm of the text's vector, with torch's epsilon of 1e-5 (sentence-transformers' `layer_norm.py`). */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { type ModelFolder, readJson } from "../../hub/folder.ts";
import type { TextModule } from "./module.ts";
import { readWeights } from "./weights.ts";

const epsilon = 1e-5;

/** Reads config.json and model.safetensors. Throws `mismatch` for a tensor of a wrong shape. */
export async function loadLayerNorm(folder: ModelFolder): Promise<TextModule> {
  const file = await readJson<{ dimension: number }>(folder, "config.json");
  const width = wholeNumber(`dimension in ${folder.name}/config.json`, file.dimension, 1);
  const tensors = await readWeights(folder, { "norm.weight": [width], "norm.bias": [width] });
  const scale = tensors["norm.weight"];
  const shift = tensors["norm.bias"];
  return {
    input: "sentence_embedding",
    output: "sentence_embedding",
    dimensions(got) {
      if (got === width) return width;
      throw new SemspaceError(
        "mismatch",
        `LayerNorm in ${folder.name} takes ${width} dimensions, the vectors before it have ${got}.`,
      );
    },
    apply(vectors) {
      for (let row = 0; row < vectors.rows; row += 1) {
        const vector = vectors.row(row);
        const mean = vector.reduce((sum, x) => sum + x, 0) / width;
        const variance = vector.reduce((sum, x) => sum + (x - mean) ** 2, 0) / width;
        const factor = 1 / Math.sqrt(variance + epsilon);
        for (let d = 0; d < width; d += 1) vector[d] = (vector[d] - mean) * factor * scale[d] + shift[d];
      }
      return vectors;
    },
  };
}
