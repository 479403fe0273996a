/** Dense: activation(x Wᵀ + b), with a residual connection if the file says so (sentence-transformers' `dense.py`). */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { type ModelFolder, readJson } from "../../hub/folder.ts";
import { Matrix } from "../../matrix/index.ts";
import { activationOf } from "./activation.ts";
import type { TextModule } from "./module.ts";
import { readWeights } from "./weights.ts";

interface DenseFile {
  in_features: number;
  out_features: number;
  bias?: boolean;
  activation_function?: string;
  module_input_name?: string;
  module_output_name?: string | null;
  use_residual?: boolean;
}

/** Reads config.json and its weights; `usualInput` is what it reads when the file does not say. Throws `unsupported` for an unknown activation, `mismatch` for a tensor of a wrong shape. */
export async function loadDense(folder: ModelFolder, usualInput = "sentence_embedding"): Promise<TextModule> {
  const file = await readJson<DenseFile>(folder, "config.json");
  const inputs = wholeNumber(`in_features in ${folder.name}/config.json`, file.in_features, 1);
  const outputs = wholeNumber(`out_features in ${folder.name}/config.json`, file.out_features, 1);
  const activation = activationOf(file.activation_function ?? "torch.nn.modules.activation.Tanh");
  const projects = (file.use_residual ?? false) && inputs !== outputs;
  const tensors = await readWeights(folder, {
    "linear.weight": [outputs, inputs],
    ...((file.bias ?? true) && { "linear.bias": [outputs] }),
    ...(projects && { "residual.weight": [outputs, inputs] }),
  });
  const input = file.module_input_name ?? usualInput;
  return {
    input,
    output: file.module_output_name ?? input,
    dimensions(got) {
      if (got === inputs) return outputs;
      throw new SemspaceError(
        "mismatch",
        `Dense in ${folder.name} takes ${inputs} dimensions, the vectors before it have ${got}.`,
      );
    },
    apply(vectors) {
      const result = linear(vectors, tensors["linear.weight"], tensors["linear.bias"]);
      for (let i = 0; i < result.data.length; i += 1) result.data[i] = activation(result.data[i]);
      if (!file.use_residual) return result;
      const residual = projects ? linear(vectors, tensors["residual.weight"]) : vectors;
      for (let i = 0; i < result.data.length; i += 1) result.data[i] += residual.data[i];
      return result;
    },
  };
}

/** x Wᵀ + b for `weight` [out, in]. Four outputs at a time: each value of x is read once for them. */
export function linear({ data, rows, columns }: Matrix, weight: Float32Array, bias?: Float32Array): Matrix {
  const outputs = weight.length / columns;
  const result = Matrix.zeros(rows, outputs);
  for (let row = 0; row < rows; row += 1) {
    const x = row * columns;
    const y = row * outputs;
    let out = 0;
    for (; out + 4 <= outputs; out += 4) {
      const first = out * columns;
      const [second, third, fourth] = [first + columns, first + 2 * columns, first + 3 * columns];
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0; i < columns; i += 1) {
        const value = data[x + i];
        a += value * weight[first + i];
        b += value * weight[second + i];
        c += value * weight[third + i];
        d += value * weight[fourth + i];
      }
      result.data[y + out] = a;
      result.data[y + out + 1] = b;
      result.data[y + out + 2] = c;
      result.data[y + out + 3] = d;
    }
    for (; out < outputs; out += 1) {
      let sum = 0;
      for (let i = 0, w = out * columns; i < columns; i += 1) sum += data[x + i] * weight[w + i];
      result.data[y + out] = sum;
    }
    if (bias) for (let i = 0; i < outputs; i += 1) result.data[y + i] += bias[i];
  }
  return result;
}
