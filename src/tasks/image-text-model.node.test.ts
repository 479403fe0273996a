import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytesOfBase64 } from "../../test/base64.ts";
import { loadImageTextModel } from "./index.ts";

interface Golden {
  images: { width: number; height: number; data: string }[];
  labels: string[];
  template: string;
  probabilities: number[][];
  /** Of the second label and the third image. */
  text: number[];
  image: number[];
}
const fixtures = join(import.meta.dirname, "../../test/golden/tasks");
const { imageText } = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8")) as { imageText: Golden };
const images = imageText.images.map(({ data, ...size }) => ({ ...size, data: bytesOfBase64(data) }));

test("images and texts have the vectors of transformers, and labels the probabilities", async () => {
  const { labels, probabilities, text, image } = imageText;
  const model = await loadImageTextModel(join(fixtures, "image-text"));
  const texts = await model.encodeTexts(labels.map((label) => `This is a photo of ${label}.`));
  for (const [i, value] of text.entries()) expect(texts.row(1)[i]).toBeCloseTo(value, 5);
  const pictures = await model.encodeImages(images);
  for (const [i, value] of image.entries()) expect(pictures.row(2)[i]).toBeCloseTo(value, 5);
  const found = await model.classifyImages(images, labels);
  for (const [i, row] of probabilities.entries()) {
    for (const { label, score } of found[i]) expect(score).toBeCloseTo(row[labels.indexOf(label)], 5);
    expect(found[i][0].score).toBeCloseTo(Math.max(...row), 5);
  }
  expect(await model.classifyImages(images.slice(0, 1), labels, { topK: 1, template: "{}" })).toHaveLength(1);
  expect((await model.encodeImages([])).rows).toBe(0);
  await model.dispose();
});

test("no labels, a template without a place, and what is no image are refused", async () => {
  const model = await loadImageTextModel(join(fixtures, "image-text"));
  await expect(model.classifyImages(images, [])).rejects.toThrow("There are no labels.");
  await expect(model.classifyImages(images, ["a"], { template: "a photo" })).rejects.toThrow("Write {} where it goes.");
  await expect(model.encodeImages([{ data: new Uint8Array(5), width: 2, height: 2 }])).rejects.toMatchObject({
    code: "invalid-argument",
  });
  await model.dispose();
  await expect(loadImageTextModel(join(fixtures, "text-classifier"))).rejects.toThrow('model_type must be "clip"');
});
