/** Modules against sentence-transformers on small arrays (test/golden/texts.py). */
import { expect, test } from "vitest";
import golden from "../../../test/golden/texts.json" with { type: "json" };
import torchFiles from "../../../test/golden/torch_files.json" with { type: "json" };
import { openFolder } from "../../hub/folder.ts";
import { Matrix } from "../../matrix/index.ts";
import { bytesOfBase64, floatsOfBase64 } from "../../../test/base64.ts";
import { loadDense } from "./dense.ts";
import { loadLayerNorm } from "./layer-norm.ts";
import { loadNormalize } from "./normalize.ts";
import { type PoolingMode, createPooling, loadPooling } from "./pooling.ts";
import { readWeights } from "./weights.ts";

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const noBatch = { rows: 3, columns: 0, mask: new Int32Array(), promptLength: 0 };

test.each(golden.pooling.cases)(
  "pooling by $modes without the first $promptLength tokens gives the vectors of torch",
  ({ modes, promptLength, vectors }) => {
    const tokens = new Matrix(floatsOfBase64(golden.pooling.hidden), 20, 3);
    const module = createPooling(modes as PoolingMode[], { includePrompt: promptLength === 0, dimensions: 3 });
    const pooled = module.apply(tokens, {
      rows: 4,
      columns: 5,
      mask: Int32Array.from(golden.pooling.mask.flat()),
      promptLength,
    });
    const expected = floatsOfBase64(vectors);
    expect(module.dimensions(3)).toBe(expected.length / 4);
    expect(pooled.data.length).toBe(expected.length);
    for (const [i, value] of expected.entries())
      expect(pooled.data[i] === value || Math.abs(pooled.data[i] - value) < 1e-6).toBe(true);
  },
);

test.each(golden.modules.cases.map((entry, i) => ({ ...entry, i })))(
  "$kind of case $i gives the vectors of torch",
  async ({ kind, files, vectors }) => {
    const bytes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, bytesOfBase64(text)]));
    const load = { Dense: loadDense, LayerNorm: loadLayerNorm, Normalize: loadNormalize }[kind]!;
    const module = await load(await openFolder(bytes));
    const result = module.apply(new Matrix(floatsOfBase64(golden.modules.vectors), 3, 6), noBatch);
    const expected = floatsOfBase64(vectors);
    expect(result.columns).toBe(module.dimensions(6));
    expect(Math.max(...expected.map((value, i) => Math.abs(value - result.data[i])))).toBeLessThan(1e-6);
  },
);

test("the older schema concatenates in a fixed order, the newer one in the listed order", async () => {
  const old = {
    word_embedding_dimension: 2,
    pooling_mode_lasttoken: true,
    pooling_mode_mean_tokens: true,
    pooling_mode_cls_token: true,
  };
  expect((await loadPooling(await openFolder({ "config.json": json(old) }))).modes).toEqual([
    "cls",
    "mean",
    "lasttoken",
  ]);
  const listed = { embedding_dimension: 2, pooling_mode: ["lasttoken", "cls"] };
  expect((await loadPooling(await openFolder({ "config.json": json(listed) }))).modes).toEqual(["lasttoken", "cls"]);
  const none = { word_embedding_dimension: 2, pooling_mode_cls_token: false };
  expect((await loadPooling(await openFolder({ "config.json": json(none) }))).modes).toEqual(["mean"]);
});

test("an unknown pooling mode is refused with the list of known ones", async () => {
  const folder = await openFolder({ "config.json": json({ embedding_dimension: 2, pooling_mode: "avg" }) });
  await expect(loadPooling(folder)).rejects.toMatchObject({
    code: "invalid-file",
    message: expect.stringContaining("cls, max, mean") as string,
  });
});

test("a Normalize whose folder is empty works on the text's vector", async () => {
  const module = await loadNormalize(await openFolder({}));
  expect(module.apply(new Matrix(Float32Array.of(3, 4), 1, 2), noBatch).data).toEqual(Float32Array.of(0.6, 0.8));
});

test("a Normalize that makes a new matrix leaves the one it reads alone", async () => {
  const names = { module_input_name: "sentence_embedding", module_output_name: "unit" };
  const vectors = new Matrix(Float32Array.of(3, 4), 1, 2);
  const module = await loadNormalize(await openFolder({ "config.json": json(names) }));
  expect(module.apply(vectors, noBatch).data).toEqual(Float32Array.of(0.6, 0.8));
  expect(vectors.data).toEqual(Float32Array.of(3, 4));
});

const dense = golden.modules.cases[0];
const files = Object.fromEntries(Object.entries(dense.files).map(([name, text]) => [name, bytesOfBase64(text)]));
const denseWith = async (change: object): Promise<unknown> => {
  const config = JSON.parse(new TextDecoder().decode(files["config.json"])) as object;
  return loadDense(await openFolder({ ...files, "config.json": json({ ...config, ...change }) }));
};

test("an activation that is not torch's is refused with the list of known ones", async () => {
  await expect(denseWith({ activation_function: "my_code.Tanh" })).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("Identity, Tanh, ReLU") as string,
  });
  await expect(denseWith({ activation_function: "torch.nn.modules.activation.toString" })).rejects.toMatchObject({
    code: "unsupported",
  });
});

test("a tensor that is missing or of another shape is named", async () => {
  await expect(denseWith({ out_features: 5 })).rejects.toMatchObject({
    code: "mismatch",
    message: expect.stringMatching(/"linear.weight".*must be \[5, 6\], got \[4, 6\]/) as string,
  });
  await expect(denseWith({ use_residual: true })).rejects.toMatchObject({
    code: "mismatch",
    message: expect.stringContaining("residual.weight") as string,
  });
  await expect(denseWith({ in_features: 1e15 })).rejects.toMatchObject({ code: "mismatch" });
  await expect(denseWith({ in_features: -1 })).rejects.toMatchObject({ code: "invalid-argument" });
});

test("weights in pytorch_model.bin are read", async () => {
  const { zip, tensors } = torchFiles.cases.find(({ name }) => name === "dense")!;
  const folder = await openFolder({ "config.json": files["config.json"], "pytorch_model.bin": bytesOfBase64(zip) });
  const weights = await readWeights(folder, { "linear.weight": [4, 6], "linear.bias": [4] });
  expect([...weights["linear.bias"]]).toEqual(tensors["linear.bias"]!.values.map(Math.fround));
  expect((await loadDense(folder)).dimensions(6)).toBe(4);
});

test("a folder without weights says what is missing", async () => {
  const folder = await openFolder({ "config.json": files["config.json"] });
  await expect(loadDense(folder)).rejects.toThrow("No model.safetensors in (memory).");
});

test("a module refuses vectors of another length", async () => {
  const module = await loadDense(await openFolder(files));
  expect(() => module.dimensions(7)).toThrow(/takes 6 dimensions, the vectors before it have 7/);
  expect(() => createPooling(["mean"], { dimensions: 3 }).dimensions(4)).toThrow(/takes 3 dimensions/);
});
