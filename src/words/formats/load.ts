/** The door to word vectors in files: finds out which format a file has, and reads it. */
import { SemspaceError, oneOf, shown } from "../../errors.ts";
import { Matrix } from "../../matrix/index.ts";
import { WordVectors } from "../word-vectors.ts";
import { readGensim } from "./gensim.ts";
import { readNative } from "./native.ts";
import { readNpyVectors } from "./npy-vectors.ts";
import { markLength, type ReadOptions, readHeader, readTextVectors } from "./text-vectors.ts";
import { openVectorFile, type VectorFile, type VectorSource } from "./vector-file.ts";
import { readWord2VecBinary } from "./word2vec-binary.ts";

/** The formats that are read. Text is word2vec's, GloVe's or fastText's .vec, with or without a first line "words dimensions". */
export const readFormats = ["text", "word2vec-binary", "fasttext", "gensim", "npy", "semspace"] as const;
export type ReadFormat = (typeof readFormats)[number];

export interface LoadWordVectorsOptions extends ReadOptions {
  /** Default: found out from the file's first bytes. */
  format?: ReadFormat | undefined;
}

type Reader = (file: VectorFile, options: ReadOptions) => Promise<WordVectors>;

const readers: Readonly<Record<ReadFormat, Reader>> = {
  text: readTextVectors,
  "word2vec-binary": readWord2VecBinary,
  fasttext: readFastText,
  gensim: readGensim,
  npy: readNpyVectors,
  semspace: readNative,
};

/**
 * Reads word vectors: word2vec's text and binary files, GloVe's, fastText's .vec, .bin and .ftz, gensim's `.save`, .npy with a file of words, and what
 * {@link saveWordVectors} has written; gzipped too. Throws `missing-file`, `unsupported` for another kind of file, and `invalid-file` for
 * a broken one, with the line or word at which it breaks.
 *
 * @example
 * const vectors = await loadWordVectors("GoogleNews-vectors-negative300.bin.gz", { limit: 200_000 });
 * vectors.size; // 200000
 */
export async function loadWordVectors(
  source: VectorSource,
  options: LoadWordVectorsOptions = {},
): Promise<WordVectors> {
  const { limit } = options;
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0)) {
    throw new SemspaceError("invalid-argument", `limit must be a whole number of at least 1, got ${limit}.`);
  }
  const file = openVectorFile(source);
  const format = options.format ? oneOf("format", options.format, readFormats) : await detectFormat(file);
  return readers[format](file, options);
}

/** The words of a model of fastText, with its n-grams for all others; the whole file is read. */
async function readFastText(file: VectorFile, { limit }: ReadOptions): Promise<WordVectors> {
  const { loadFastText } = await import("../fasttext/read-model.ts");
  const vectors = (await loadFastText(await file.bytes())).wordVectors();
  if (limit === undefined || limit >= vectors.size) return vectors;
  const { counts, subwords } = vectors;
  const { data, columns } = vectors.vectors;
  return new WordVectors(vectors.words.slice(0, limit), new Matrix(data.subarray(0, limit * columns), limit, columns), {
    counts: counts && Array.from(counts).slice(0, limit),
    subwords,
  });
}

/** Bytes that are looked at. */
const HEAD = 1 << 16;

/** Which format the file begins as. Throws `unsupported` for none of them, `invalid-file` for an empty one. */
export async function detectFormat(file: VectorFile): Promise<ReadFormat> {
  const all = await firstBytes(file);
  const head = all.subarray(markLength(all));
  const begins = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (begins(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)) return "npy";
  if (begins(0x80) && head[1] >= 2 && head[1] <= 5) return "gensim";
  if (begins(0xba, 0x16, 0x4f, 0x2f)) return "fasttext";
  // safetensors: the header's length in 8 bytes, then JSON.
  if (head[8] === 0x7b && head[7] === 0 && head[6] === 0) return "semspace";
  const lineEnd = head.indexOf(10);
  if (readHeader(head, lineEnd)) return isTextAfter(head, lineEnd + 1) ? "text" : "word2vec-binary";
  if (lineEnd > 0 && isTextAfter(head, 0)) return "text";
  if (head.length === 0) throw new SemspaceError("invalid-file", `${file.name} is empty. Write or fetch it again.`);
  const begin = shown(new TextDecoder().decode(head.subarray(0, 16)));
  const message = `${file.name} is of no known format; it begins with ${begin}. Formats that are read: ${readFormats.join(", ")}.`;
  throw new SemspaceError("unsupported", message);
}

/** Whether the first line from `start` ends with numbers written as text. Raw float32 bytes hold other bytes soon. */
function isTextAfter(head: Uint8Array, start: number): boolean {
  const end = head.indexOf(10, start);
  const line = head.subarray(start, end < 0 ? head.length : end);
  const text = new TextDecoder("latin1").decode(line).replace(/\s+$/, "");
  return (
    end === start || /[ \t][-+]?(\d|\.\d|nan|inf(?:inity)?)[-+.\deE]*$/i.test(text) || (line.length === 0 && end < 0)
  );
}

async function firstBytes(file: VectorFile): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD);
  let filled = 0;
  for await (const chunk of file.stream()) {
    const part = chunk.subarray(0, HEAD - filled);
    head.set(part, filled);
    filled += part.length;
    if (filled === HEAD) break;
  }
  return head.subarray(0, filled);
}
