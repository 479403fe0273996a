/**
 * Which model was this made with? A classifier or router keeps the model's vector of one sentence: another model gives another vector,
 * and the same model with other threads, files or number types nearly the same. Works with every embedder, from whatever it was loaded.
 */
import { SemspaceError } from "../errors.ts";
import type { Embedder } from "../texts/embedder.ts";

const SENTENCE = "Which model is this? 17 blue keys lie under the bridge; München, 北京.";
/** Between a model and its int8 form; different models are far below. */
const LEAST_COSINE = 0.95;

export interface ModelProbe {
  readonly name: string;
  /** The prompt's name that texts are encoded with; "" for the model's own default. */
  readonly promptName: string;
  /** A unit vector. */
  readonly vector: Float32Array;
}

export async function probeModel(embedder: Encoder, promptName: string | undefined): Promise<ModelProbe> {
  const vector = await embedder.encode(SENTENCE, encodeSettings(promptName));
  return { name: embedder.name, promptName: promptName ?? "", vector };
}

/** What both need of a model. */
export type Encoder = Pick<Embedder, "name" | "dimensions" | "encode">;

/** Options of `encode` for texts that a head reads. */
export function encodeSettings(promptName: string | undefined): { normalize: true; promptName?: string } {
  return { normalize: true, ...(promptName && { promptName }) };
}

/** Throws `mismatch` when `embedder` is not the model that `what` was made with. */
export async function checkModel(embedder: Encoder, probe: ModelProbe, what: string): Promise<void> {
  const { name, vector } = probe;
  const other = (why: string): SemspaceError =>
    new SemspaceError(
      "mismatch",
      `The ${what} was made with the model ${name} (${vector.length} dimensions), not with ${embedder.name} (${why}). Load it with that model, or train it again with this one.`,
    );
  if (embedder.dimensions !== vector.length) throw other(`${embedder.dimensions} dimensions`);
  const now = await embedder.encode(SENTENCE, encodeSettings(probe.promptName));
  let cosine = 0;
  for (let i = 0; i < vector.length; i += 1) cosine += vector[i] * now[i];
  if (!(cosine >= LEAST_COSINE)) throw other("the same dimensions, other vectors");
}
