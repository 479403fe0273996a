/** CLIP: texts and images in one space. Radford et al. 2021, https://arxiv.org/abs/2103.00020. */
import { SemspaceError } from "../../errors.ts";
import { type ModelFolder, type ModelSource, openFolder, readJson } from "../../hub/folder.ts";
import { type ConfigFile, wholeNumberOf } from "../config-values.ts";
import { disposeOnError } from "../dispose-on-error.ts";
import { feedsOf } from "../feeds.ts";
import { openGraph, type TransformerOptions } from "../load.ts";
import type { Session, SessionOptions } from "../session.ts";
import { checkBatch, float32Of, type PooledStates, type TokenBatch } from "../transformer.ts";
import { clipTextGraph, clipVisionGraph, embeddingsOutput, visionConfigOf } from "./clip-graphs.ts";
import { type ImageProcessor, imageProcessorOf, processImage, type RawImage } from "./image-processor.ts";

/** Both towers of a CLIP model. Vectors are as the projections give them, not normalised. */
export interface ClipModel {
  /** Length of the vectors of both towers. */
  readonly dimensions: number;
  /** Longest text, special tokens included. */
  readonly maxPositions: number;
  /** A vector a text; the text's end token must be among its ids. */
  encodeTexts(batch: TokenBatch): Promise<PooledStates>;
  /** A vector an image, resized and normalised as the model's preprocessor_config.json says. */
  encodeImages(images: readonly RawImage[]): Promise<PooledStates>;
  /** Frees the weights. */
  dispose(): Promise<void>;
}

/**
 * Opens a folder with both towers (`model_type` "clip").
 *
 * @example
 * const clip = await loadClip("models/clip-vit-base-patch32");
 * const { data } = await clip.encodeImages([{ data: rgb, width: 640, height: 480 }]); // Float32Array(512)
 */
export async function loadClip(
  source: ModelSource,
  options: SessionOptions & Pick<TransformerOptions, "fuse"> = {},
): Promise<ClipModel> {
  const folder = await openFolder(source);
  const json = await readJson<Record<string, unknown>>(folder, "config.json");
  const file = { json, source: `config.json in ${folder.name}` };
  if (json["model_type"] !== "clip") {
    throw new SemspaceError("unsupported", `${file.source}: model_type must be "clip", a model with both towers.`);
  }
  const dimensions = wholeNumberOf(file, "projection_dim", { fallback: 512 });
  const vision = visionConfigOf(file);
  const processor = await processorOf(folder, vision.imageSize);
  const endId = wholeNumberOf(textConfigOf(file), "eos_token_id", { fallback: 49_407, least: 0 });
  const text = await openGraph(folder, (checkpoint) => clipTextGraph(checkpoint, { dimensions, endId }), options);
  const images = await disposeOnError(text.session, () =>
    openGraph(folder, ({ weights }) => clipVisionGraph(weights, vision, dimensions), options),
  );
  const { config } = text;
  const limits = { maxPositions: text.architecture.maxPositions(config), vocabularySize: config.vocabularySize };
  const feeds = feedsOf(text.session.inputs, folder.name);
  return new ClipSessions({
    ...{ dimensions, limits, processor, side: vision.imageSize },
    ...{ text: text.session, images: images.session, feeds },
  });
}

function textConfigOf({ json, source }: ConfigFile): ConfigFile {
  const part = json["text_config"] ?? {};
  return { json: part as Readonly<Record<string, unknown>>, source: `${source}, text_config` };
}

async function processorOf(folder: ModelFolder, side: number): Promise<ImageProcessor> {
  const path = "preprocessor_config.json";
  const source = `${path} in ${folder.name}`;
  const processor = imageProcessorOf({ json: await readJson<Record<string, unknown>>(folder, path), source });
  const { crop, resize } = processor;
  const made = crop ?? (resize && "width" in resize ? resize : undefined);
  if (made?.width === side && made.height === side) return processor;
  throw new SemspaceError(
    "mismatch",
    `${source} makes images of ${made ? `${made.width} x ${made.height}` : "any size"}, config.json asks for ${side} x ${side}. Do the two files belong together?`,
  );
}

interface ClipParts {
  readonly dimensions: number;
  readonly limits: { readonly maxPositions: number; readonly vocabularySize: number };
  readonly processor: ImageProcessor;
  /** Pixels of an image's side. */
  readonly side: number;
  readonly text: Session;
  readonly images: Session;
  readonly feeds: ReturnType<typeof feedsOf>;
}

class ClipSessions implements ClipModel {
  readonly dimensions: number;
  readonly maxPositions: number;
  readonly #parts: ClipParts;
  #disposed = false;

  constructor(parts: ClipParts) {
    this.dimensions = parts.dimensions;
    this.maxPositions = parts.limits.maxPositions;
    this.#parts = parts;
  }

  async encodeTexts(batch: TokenBatch): Promise<PooledStates> {
    this.#check();
    checkBatch(batch, this.#parts.limits);
    if (batch.rows === 0 || batch.columns === 0) return this.#nothing();
    return this.#run(this.#parts.text, this.#parts.feeds(batch), batch.rows);
  }

  async encodeImages(images: readonly RawImage[]): Promise<PooledStates> {
    this.#check();
    if (images.length === 0) return this.#nothing();
    const { side, processor } = this.#parts;
    const size = 3 * side * side;
    const data = new Float32Array(images.length * size);
    for (const [i, image] of images.entries()) data.set(processImage(image, processor).data, i * size);
    const pixels = { type: "float32", shape: [images.length, 3, side, side], data };
    return this.#run(this.#parts.images, { pixel_values: pixels }, images.length);
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await Promise.all([this.#parts.text.dispose(), this.#parts.images.dispose()]);
  }

  async #run(session: Session, feeds: Parameters<Session["run"]>[0], rows: number): Promise<PooledStates> {
    const results = await session.run(feeds, [embeddingsOutput]);
    const data = float32Of(results[embeddingsOutput], embeddingsOutput);
    return { data, rows, dimensions: this.dimensions };
  }

  #nothing(): PooledStates {
    return { data: new Float32Array(), rows: 0, dimensions: this.dimensions };
  }

  #check(): void {
    if (this.#disposed) throw new SemspaceError("disposed", "This model was disposed of. Load it again.");
  }
}
