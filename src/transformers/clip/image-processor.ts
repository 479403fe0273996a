/**
 * From pixels to what a vision tower takes, as `preprocessor_config.json` says: resized, cut from the middle, scaled and normalised.
 * Reference: `CLIPImageProcessor` of transformers, with the Pillow backend. Decoding a file is the caller's work.
 */
import { SemspaceError, shown } from "../../errors.ts";
import { type ConfigFile, flagOf, positiveOf, wholeNumberOf } from "../config-values.ts";
import { type ResizeFilter, resizeImage } from "./resize-image.ts";

/** A decoded image: red, green, blue, and alpha when there are four channels (which is left out), row by row; ImageData of a canvas is one. */
export interface RawImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

export interface ImageProcessor {
  /** Length that the shorter side gets, or both lengths; undefined leaves the size. */
  readonly resize: { readonly shortest: number } | { readonly width: number; readonly height: number } | undefined;
  readonly filter: ResizeFilter;
  /** Undefined leaves the whole image. */
  readonly crop: { readonly width: number; readonly height: number } | undefined;
  /** Multiplies bytes. */
  readonly scale: number;
  /** By channel; undefined: not normalised. */
  readonly normalize: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | undefined;
}

const colors = 3;
const maxSide = 1 << 15;
/** Pillow's numbers. */
const filters: Readonly<Record<number, ResizeFilter>> = { 2: "bilinear", 3: "bicubic" };

/** Throws `invalid-file` for numbers that make no sense, `unsupported` for a filter that is not built. */
export function imageProcessorOf(file: ConfigFile): ImageProcessor {
  const resample = file.json["resample"] ?? 3;
  const filter = filters[resample as number];
  if (!filter) {
    throw new SemspaceError(
      "unsupported",
      `${file.source}: resample ${shown(resample)}; 2 (bilinear) and 3 (bicubic) are built.`,
    );
  }
  const isNormalized = flagOf(file, "do_normalize", true);
  const scale = flagOf(file, "do_rescale", true) ? positiveOf(file, "rescale_factor", 1 / 255) : 1;
  return {
    resize: flagOf(file, "do_resize", true) ? sizeOf(file, "size", true) : undefined,
    filter,
    crop: flagOf(file, "do_center_crop", true) ? cropOf(file) : undefined,
    scale,
    normalize: isNormalized
      ? {
          mean: channelsOf(file, "image_mean", [0.48145466, 0.4578275, 0.40821073]),
          deviation: channelsOf(file, "image_std", [0.26862954, 0.26130258, 0.27577711]),
        }
      : undefined,
  };
}

/** [3, height, width] of the result. Throws `invalid-argument` for data that is no image of that size. */
export function processImage(
  image: RawImage,
  processor: ImageProcessor,
): { data: Float32Array; width: number; height: number } {
  const rgb = colorsOf(image);
  const filled = { channels: colors, filter: processor.filter };
  const resized = processor.resize ? resizeImage(rgb, { ...sidesOf(rgb, processor.resize), ...filled }) : rgb;
  const { width, height } = processor.crop ?? resized;
  // What the image does not have is black.
  const top = Math.floor((resized.height - height) / 2);
  const left = Math.floor((resized.width - width) / 2);
  const data = new Float32Array(colors * width * height);
  const { mean, deviation } = processor.normalize ?? { mean: [0, 0, 0], deviation: [1, 1, 1] };
  for (let c = 0, at = 0; c < colors; c++) {
    const [center, spread] = [Math.fround(mean[c]), Math.fround(deviation[c])];
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++, at++) {
        const isInside = y >= 0 && y < resized.height && x >= 0 && x < resized.width;
        const byte = isInside ? resized.data[(y * resized.width + x) * colors + c] : 0;
        data[at] = Math.fround(Math.fround(byte * processor.scale) - center) / spread;
      }
    }
  }
  return { data, width, height };
}

/** Without alpha. */
function colorsOf({ data, width, height }: RawImage): RawImage {
  for (const [name, side] of Object.entries({ width, height })) {
    if (!Number.isInteger(side) || side < 1 || side > maxSide) {
      throw new SemspaceError(
        "invalid-argument",
        `An image's ${name} must be from 1 to ${maxSide}, got ${shown(side)}.`,
      );
    }
  }
  const pixels = width * height;
  if (data.length === pixels * colors) return { data, width, height };
  if (data.length !== pixels * 4) {
    throw new SemspaceError(
      "invalid-argument",
      `An image of ${width} x ${height} has ${pixels * colors} bytes (RGB) or ${pixels * 4} (RGBA), got ${data.length}. Decode the file first.`,
    );
  }
  const rgb = new Uint8Array(pixels * colors);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < colors; c++) rgb[i * colors + c] = data[i * 4 + c];
  }
  return { data: rgb, width, height };
}

function sidesOf(
  { width, height }: RawImage,
  size: NonNullable<ImageProcessor["resize"]>,
): { width: number; height: number } {
  if ("width" in size) return size;
  const long = Math.trunc((size.shortest * Math.max(width, height)) / Math.min(width, height));
  // A thread of one pixel would grow without bound.
  if (long > maxSide) {
    throw new SemspaceError(
      "invalid-argument",
      `An image of ${width} x ${height} is too narrow: resized, its longer side would have ${long} pixels, at most ${maxSide} are taken. Cut it.`,
    );
  }
  return width <= height ? { width: size.shortest, height: long } : { width: long, height: size.shortest };
}

/** A number, `{ shortest_edge }` or `{ height, width }`. */
function sizeOf(file: ConfigFile, key: string, isShortest: boolean): NonNullable<ImageProcessor["resize"]> {
  const value = file.json[key] ?? 224;
  const isObject = typeof value === "object" && value !== null;
  const json = isObject ? (value as Readonly<Record<string, unknown>>) : { [key]: value };
  const inside = { json, source: isObject ? `${file.source}, ${key}` : file.source };
  const side = (name: string) => wholeNumberOf(inside, name, { most: maxSide });
  if (!isObject) return isShortest ? { shortest: side(key) } : { width: side(key), height: side(key) };
  return "shortest_edge" in json
    ? { shortest: side("shortest_edge") }
    : { width: side("width"), height: side("height") };
}

function cropOf(file: ConfigFile): { width: number; height: number } {
  const size = sizeOf(file, "crop_size", false);
  return "width" in size ? size : { width: size.shortest, height: size.shortest };
}

function channelsOf(file: ConfigFile, key: string, fallback: readonly number[]): readonly number[] {
  const value = file.json[key] ?? fallback;
  const isGood = Array.isArray(value) && value.length === colors && value.every((x) => Number.isFinite(x));
  if (isGood && (key !== "image_std" || value.every((x) => x !== 0))) return value as readonly number[];
  throw new SemspaceError("invalid-file", `${file.source}: ${key} must be ${colors} numbers, got ${shown(value)}.`);
}
