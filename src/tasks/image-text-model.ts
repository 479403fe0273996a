/**
 * Images and texts in one space (CLIP): vectors of both, and zero-shot classification, which asks which of some texts fits an image best.
 * Radford et al. 2021, https://arxiv.org/abs/2103.00020. Reference: transformers 5.3, `CLIPModel` and `pipelines/zero_shot_image_classification.py`.
 */
import { SemspaceError, wholeNumber } from "../errors.ts";
import { findCheckpoint, openCheckpoint } from "../formats/index.ts";
import { type ModelFolder, type ModelSource, openFolder } from "../hub/folder.ts";
import { Matrix, normalizeRows, similarity } from "../matrix/index.ts";
import { defaultBatchTokens } from "../texts/embedder.ts";
import { loadTokenizer } from "../tokenizers/index.ts";
import { disposeOnError } from "../transformers/dispose-on-error.ts";
import { loadClip, type RawImage } from "../transformers/index.ts";
import type { LabelScore } from "./classify.ts";
import { encodingBatches } from "./encoding-batches.ts";
import { softmax } from "./softmax.ts";
import type { TaskModelOptions } from "./task-model.ts";

export interface ClassifyImagesOptions {
  /** The sentence that a label is put into, at `{}`. Default "This is a photo of {}." */
  readonly template?: string;
  /** How many labels, the best first. Default: all. */
  readonly topK?: number;
}

/** A model of images and texts: `loadImageTextModel` gives one. */
export interface ImageTextModel {
  /** Length of a vector. */
  readonly dimensions: number;
  /** A vector of length 1 a text, [texts, dimensions]. Longer texts are cut. */
  encodeTexts(texts: readonly string[]): Promise<Matrix>;
  /** A vector of length 1 an image, [images, dimensions]. Images are decoded pixels, such as a canvas' ImageData. */
  encodeImages(images: readonly RawImage[]): Promise<Matrix>;
  /** For each image the labels by how well they fit, the scores of an image sum to 1 over all labels. */
  classifyImages(
    images: readonly RawImage[],
    labels: readonly string[],
    options?: ClassifyImagesOptions,
  ): Promise<LabelScore[][]>;
  /** Frees what the model holds outside the heap. */
  dispose(): Promise<void>;
}

/** Images that go through the model at once. */
const imagesAtOnce = 8;

/**
 * Loads a CLIP model. Throws `unsupported` for another model.
 *
 * @example
 * const model = await loadImageTextModel("models/clip-vit-base-patch32");
 * const [best] = await model.classifyImages([{ data: rgb, width: 640, height: 480 }], ["a cat", "a dog"]);
 * best[0]; // { label: "a cat", score: 0.99… }
 */
export async function loadImageTextModel(source: ModelSource, options: TaskModelOptions = {}): Promise<ImageTextModel> {
  const folder = await openFolder(source);
  const tokenizer = await loadTokenizer(folder);
  const clip = await loadClip(folder, options);
  const scale = await disposeOnError(clip, () => logitScale(folder));
  const { dimensions } = clip;
  const maxLength = Math.min(options.maxLength ?? Infinity, clip.maxPositions);

  const encodeTexts = async (texts: readonly string[]) => {
    const encodings = tokenizer.encodeBatch(texts, { truncation: { maxLength } });
    const vectors = Matrix.zeros(texts.length, dimensions);
    const shape = { batchTokens: defaultBatchTokens, padTokenId: 0, readsTypes: false };
    for (const { positions, batch } of encodingBatches(encodings, shape)) {
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other bounds the memory
      const { data } = await clip.encodeTexts(batch);
      for (const [row, position] of positions.entries()) {
        vectors.row(position).set(data.subarray(row * dimensions, (row + 1) * dimensions));
      }
    }
    return normalizeRows(vectors);
  };
  const encodeImages = async (images: readonly RawImage[]) => {
    const vectors = Matrix.zeros(images.length, dimensions);
    for (let start = 0; start < images.length; start += imagesAtOnce) {
      // oxlint-disable-next-line no-await-in-loop
      const { data } = await clip.encodeImages(images.slice(start, start + imagesAtOnce));
      vectors.data.set(data, start * dimensions);
    }
    return normalizeRows(vectors);
  };
  return {
    dimensions,
    encodeTexts,
    encodeImages,
    async classifyImages(images, labels, { template = "This is a photo of {}.", topK = labels.length } = {}) {
      checkQuestion(labels, template);
      wholeNumber("topK", topK, 1);
      const sentences = await encodeTexts(labels.map((label) => template.replaceAll("{}", () => label)));
      const scores = similarity(await encodeImages(images), sentences, "dot");
      return images.map((_, i) => {
        const probabilities = softmax(scores.row(i).map((score) => score * scale));
        const ranked = labels.map((label, j) => ({ label, score: probabilities[j] }));
        return ranked.toSorted((a, b) => b.score - a.score).slice(0, topK);
      });
    },
    dispose: () => clip.dispose(),
  };
}

function checkQuestion(labels: readonly string[], template: string): void {
  if (labels.length === 0) throw new SemspaceError("invalid-argument", "There are no labels. Pass at least one.");
  if (template.includes("{}")) return;
  throw new SemspaceError(
    "invalid-argument",
    `The template "${template}" has no place for a label. Write {} where it goes.`,
  );
}

/** What the model multiplies similarities by: it learns the logarithm. */
async function logitScale(folder: ModelFolder): Promise<number> {
  const path = await findCheckpoint(folder);
  if (path === undefined) throw new SemspaceError("missing-file", `No weights in ${folder.name}.`);
  const [logarithm] = await (await openCheckpoint(folder, path)).readFloat32("logit_scale");
  return Math.exp(logarithm);
}
