/** Small models of the original fastText with what it says of words and texts; test/golden/fasttext.py makes them. */
import { bytesOfBase64 } from "./base64.ts";
import golden from "./golden/fasttext/models.json" with { type: "json" };

interface FastTextFile {
  file: string;
  words: Record<string, number[]>;
  texts: { text: string; vector: number[]; predictions?: [string, number][]; above?: string[] }[];
}

/** By name: softmax, hs, ova, ns, skipgram, cbow, quantized, pruned. */
export const fastTextFiles = golden.models as unknown as Readonly<Record<string, FastTextFile>>;

/** A fresh copy of a model's `.bin` or `.ftz`. */
export function fastTextFile(name: string): Uint8Array<ArrayBuffer> {
  return bytesOfBase64(fastTextFiles[name].file).slice();
}

/** Where the numbers of entries, words, labels, tokens and pruned n-grams stand: behind magic, version, twelve settings and a float64. */
export const countsStart: number = 8 + 12 * 4 + 8;

/** Where the byte before the input matrix of an unpruned model is: behind the last entry of the dictionary. */
export function matrixStart(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = countsStart + 28;
  for (let left = view.getInt32(countsStart, true); left > 0; left -= 1) at = bytes.indexOf(0, at) + 10;
  return at;
}
