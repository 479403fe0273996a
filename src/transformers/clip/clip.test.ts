import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytesOfBase64, floatsOfBase64 } from "../../../test/base64.ts";
import { difference } from "../../../test/golden-checkpoint.ts";
import { openSafetensors, type TensorToWrite, writeSafetensors } from "../../formats/index.ts";
import { openFolder } from "../../hub/folder.ts";
import { loadTransformer } from "../load.ts";
import { imageProcessorOf, processImage, type RawImage } from "./image-processor.ts";
import { loadClip } from "./load-clip.ts";

/** What test/golden/clip.py writes. */
interface Golden {
  images: { width: number; height: number; data: string }[];
  processors: Record<string, Record<string, unknown>>;
  processed: { processor: string; image: number; width: number; height: number; pixels: string }[];
  ids: number[];
  mask: number[];
  rows: number;
  columns: number;
  hidden: string;
  texts: string;
  textsAtFive: string;
  imageVectors: string;
}

const fixture = join(import.meta.dirname, "../../../test/golden/clip");
const golden = JSON.parse(readFileSync(join(fixture, "expected.json"), "utf8")) as Golden;
const images = golden.images.map(({ data, ...size }): RawImage => ({ ...size, data: bytesOfBase64(data) }));
const batch = {
  ids: Int32Array.from(golden.ids),
  attentionMask: Int32Array.from(golden.mask),
  rows: golden.rows,
  columns: golden.columns,
};

/** The fixture's files in memory, tensors and config changed. */
async function changed(
  change: (tensors: Record<string, TensorToWrite>, config: Record<string, Record<string, unknown>>) => void,
): Promise<Record<string, Uint8Array>> {
  const folder = await openFolder(fixture);
  const file = await openSafetensors(folder, "model.safetensors");
  const tensors: Record<string, TensorToWrite> = {};
  for (const [name, { dtype, shape }] of file.tensors) {
    tensors[name] = { dtype, shape, data: await file.readBytes(name) };
  }
  const config = JSON.parse(readFileSync(join(fixture, "config.json"), "utf8")) as Record<
    string,
    Record<string, unknown>
  >;
  change(tensors, config);
  return {
    "config.json": new TextEncoder().encode(JSON.stringify(config)),
    "model.safetensors": writeSafetensors(tensors),
    "preprocessor_config.json": await folder.read("preprocessor_config.json"),
  };
}

test.each(golden.processed)(
  "image $image is processed as Pillow does it, by the settings $processor",
  ({ processor, image, width, height, pixels }) => {
    const settings = imageProcessorOf({ json: golden.processors[processor], source: "preprocessor_config.json" });
    const made = processImage(images[image], settings);
    expect([made.width, made.height]).toEqual([width, height]);
    expect(difference(made.data, floatsOfBase64(pixels))).toBeLessThan(1e-6);
  },
);

test("texts and images get the vectors of transformers, fused and not", async () => {
  for (const fuse of [true, false]) {
    const clip = await loadClip(fixture, { fuse, threads: 1 });
    expect(clip).toMatchObject({ dimensions: 10, maxPositions: 12 });
    expect(difference((await clip.encodeTexts(batch)).data, floatsOfBase64(golden.texts))).toBeLessThan(2e-5);
    expect(difference((await clip.encodeImages(images)).data, floatsOfBase64(golden.imageVectors))).toBeLessThan(2e-5);
    await clip.dispose();
  }
});

test("a text stands where its first end token is, when config.json names one", async () => {
  const files = await changed((_tensors, config) => (config["text_config"]["eos_token_id"] = 5));
  const clip = await loadClip(files, { threads: 1 });
  expect(difference((await clip.encodeTexts(batch)).data, floatsOfBase64(golden.textsAtFive))).toBeLessThan(2e-5);
  await clip.dispose();
});

test("the text tower alone gives the hidden states of transformers", async () => {
  const transformer = await loadTransformer(fixture, { threads: 1 });
  const { data, dimensions } = await transformer.run(batch);
  const tokens = golden.mask.flatMap((value, i) => (value ? [i] : []));
  const got = tokens.flatMap((i) => Array.from(data.subarray(i * dimensions, (i + 1) * dimensions)));
  expect(difference(Float32Array.from(got), floatsOfBase64(golden.hidden))).toBeLessThan(2e-5);
  await transformer.dispose();
});

test("every kind of tensor matters: zeroed, it changes the vectors of its tower", async () => {
  const names: string[] = [];
  await changed((tensors) => names.push(...Object.keys(tensors)));
  const unmoved: string[] = [];
  for (const name of names.filter((one) => !one.includes("layers.1."))) {
    const clip = await loadClip(await changed((tensors) => (tensors[name].data as Uint8Array).fill(0)), { threads: 1 });
    const isText = name.startsWith("text");
    const { data } = isText ? await clip.encodeTexts(batch) : await clip.encodeImages(images);
    const expected = floatsOfBase64(isText ? golden.texts : golden.imageVectors);
    if (difference(data, expected) < 1e-4) unmoved.push(name);
    await clip.dispose();
  }
  // The scale is for who compares vectors; a key's bias adds the same to all scores of a query.
  expect(unmoved.filter((name) => name !== "logit_scale" && !name.endsWith("k_proj.bias"))).toEqual([]);
});

test("an image is RGB or RGBA, and what is none is refused", async () => {
  const settings = imageProcessorOf({ json: golden.processors["published"], source: "preprocessor_config.json" });
  const { data, width, height } = images[0];
  const withAlpha = new Uint8ClampedArray(width * height * 4).map((_, i) =>
    i % 4 === 3 ? 7 : data[Math.floor(i / 4) * 3 + (i % 4)],
  );
  expect(processImage({ data: withAlpha, width, height }, settings)).toEqual(processImage(images[0], settings));
  const refused = (image: RawImage) => () => processImage(image, settings);
  expect(refused({ data: new Uint8Array(10), width: 2, height: 2 })).toThrow(
    "An image of 2 x 2 has 12 bytes (RGB) or 16 (RGBA), got 10. Decode the file first.",
  );
  expect(refused({ data: new Uint8Array(0), width: 0, height: 2 })).toThrow("width must be from 1 to 32768, got 0");
  expect(refused({ data: new Uint8Array(3 * 32768), width: 32768, height: 1 })).toThrow("is too narrow");
  const clip = await loadClip(fixture, { threads: 1 });
  expect(await clip.encodeImages([])).toMatchObject({ rows: 0, dimensions: 10 });
  await clip.dispose();
  await expect(clip.encodeImages(images)).rejects.toMatchObject({ code: "disposed" });
});

test.each([
  [{ resample: 1 }, "resample 1; 2 (bilinear) and 3 (bicubic) are built"],
  [{ size: { shortest_edge: 0 } }, "preprocessor_config.json, size: shortest_edge must be a whole number"],
  [{ image_std: [1, 0, 1] }, "image_std must be 3 numbers"],
  [{ rescale_factor: -1 }, "rescale_factor must be a number above 0"],
  [{ do_resize: "yes" }, "do_resize must be true or false"],
])("a preprocessor_config.json with %j is refused", (json, message) => {
  expect(() => imageProcessorOf({ json, source: "preprocessor_config.json" })).toThrow(message);
});

test("a processor that makes images of another size than the tower takes is refused", async () => {
  const files = await changed((_tensors, config) => (config["vision_config"]["image_size"] = 14));
  await expect(loadClip(files)).rejects.toThrow("makes images of 12 x 12, config.json asks for 14 x 14");
});
