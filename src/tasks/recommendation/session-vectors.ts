/**
 * item2vec (Barkan and Koenigstein 2016): word2vec with items for words and sessions for sentences. What items need differs from what words
 * need (Caselles-Dupré, Lesaint and Royo-Letelier 2018): a wide window, for all of a session belongs together; nothing thinned out; and
 * negatives that are drawn from rare items rather than from popular ones (a negative `nsExponent`).
 */
import { Matrix } from "../../matrix/index.ts";
import { trainWord2Vec } from "../../words/index.ts";

export interface SessionVectorOptions {
  /** Length of an item's vector. Default 32. */
  dimensions?: number;
  /** Items on each side; for every item a number from 1 to this is drawn, so that near ones count more. Default 50. */
  window?: number;
  /** Negatives are drawn by count to this power. Default -0.5. */
  nsExponent?: number;
  /** Default 5. */
  negative?: number;
  /** Items with a larger share of all are thinned out; 0 keeps all. Default 0. */
  sample?: number;
  /** Default 20. */
  epochs?: number;
  /** Default 0.025. */
  learningRate?: number;
  /** Default 1. */
  seed?: number;
  /** One gives the same vectors again, bit for bit. Default 1. */
  threads?: number;
}

export interface SessionTraining {
  items: number;
  signal?: AbortSignal | undefined;
  /** Share of the training that is done. */
  onProgress?: ((fraction: number) => void) | undefined;
}

/** One vector an item, [items, dimensions]; zeros for an item that is in no session of two items or more. */
export async function trainSessionVectors(
  sessions: readonly Int32Array[],
  {
    dimensions = 32,
    window = 50,
    nsExponent = -0.5,
    negative = 5,
    sample = 0,
    epochs = 20,
    learningRate = 0.025,
    seed = 1,
    threads = 1,
  }: SessionVectorOptions,
  { items, signal, onProgress }: SessionTraining,
): Promise<Matrix> {
  const vectors = Matrix.zeros(items, dimensions);
  const lines = sessions.filter((session) => session.length > 1).map((session) => session.join(" "));
  if (lines.length === 0) return vectors;
  const model = await trainWord2Vec(lines, {
    ...{ dimensions, window, nsExponent, negative, sample, epochs, learningRate, seed, threads, minCount: 1 },
    signal,
    onProgress: ({ fraction }) => onProgress?.(fraction),
  });
  for (const [row, word] of model.vectors.words.entries()) vectors.row(Number(word)).set(model.vectors.vector(row));
  return vectors;
}
