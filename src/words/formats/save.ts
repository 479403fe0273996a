/** Writes word vectors in any of the formats; which one, the name's ending says. */
import { writeBytes } from "#platform";
import { SemspaceError, oneOf } from "../../errors.ts";
import { gzipped } from "../../formats/gzip.ts";
import type { WordVectors } from "../word-vectors.ts";
import { nativeBytes } from "./native.ts";
import { npyFiles } from "./npy-vectors.ts";
import { gensimFiles } from "./write-gensim.ts";
import { binaryPieces, textPieces } from "./write-text.ts";

export const writeFormats = [
  "word2vec-text",
  "word2vec-binary",
  "glove",
  "fasttext-vec",
  "gensim",
  "npy",
  "semspace",
] as const;
export type WriteFormat = (typeof writeFormats)[number];

const endings: Readonly<Record<string, WriteFormat>> = {
  txt: "word2vec-text",
  bin: "word2vec-binary",
  glove: "glove",
  vec: "fasttext-vec",
  kv: "gensim",
  npy: "npy",
  safetensors: "semspace",
};

export interface SaveWordVectorsOptions {
  /** Default, by the name's ending: .txt word2vec-text, .bin word2vec-binary, .vec fasttext-vec, .glove, .kv gensim, .npy, .safetensors semspace. */
  format?: WriteFormat | undefined;
}

/**
 * Writes word vectors to a file, gzipped when its name ends in .gz; gensim's format and npy make a second one beside it and are not
 * packed. Gives the names of the files. Each is complete or not there. Quantised
 * tables keep their bytes in this package's own format and become float32 in the others. Throws `invalid-argument` for an ending that
 * says nothing, `unsupported` for a word that the format cannot hold, `unavailable` in a browser: use {@link wordVectorFiles} there.
 *
 * @example
 * await saveWordVectors(vectors, "vectors.bin"); // word2vec's binary file
 */
export async function saveWordVectors(
  vectors: WordVectors,
  path: string,
  options?: SaveWordVectorsOptions,
): Promise<string[]> {
  const packed = path.endsWith(".gz");
  const files = Object.entries(wordVectorFiles(vectors, path, options));
  const written: string[] = [];
  // The file that names the others comes last.
  for (const [name, pieces] of files.toReversed()) {
    const target = packed ? `${name}.gz` : name;
    await writeBytes(target, packed ? gzipped(pieces) : pieces);
    written.unshift(target);
  }
  return written;
}

/**
 * The contents of the files that {@link saveWordVectors} would write, by name, each in pieces that can be read once. They are not packed, and
 * their names come without .gz.
 */
export function wordVectorFiles(
  vectors: WordVectors,
  path: string,
  { format }: SaveWordVectorsOptions = {},
): Record<string, Iterable<Uint8Array>> {
  const chosen = chosenFormat(path, format);
  const name = path.replace(/\.gz$/, "");
  switch (chosen) {
    case "word2vec-text":
      return { [name]: textPieces(vectors, { header: true }) };
    case "glove":
      return { [name]: textPieces(vectors, { header: false }) };
    case "fasttext-vec":
      return { [name]: textPieces(vectors, { header: true, digits: 5, trailingSpace: true }) };
    case "word2vec-binary":
      return { [name]: binaryPieces(vectors) };
    case "gensim":
      return gensimFiles(vectors, name);
    case "npy":
      return Object.fromEntries(Object.entries(npyFiles(vectors, name)).map(([path, bytes]) => [path, [bytes]]));
    case "semspace":
      return { [name]: [nativeBytes(vectors)] };
  }
}

/** Throws `invalid-argument` for a name that does not say the format, and for one in .gz of a format of two files. */
export function chosenFormat(name: string, format?: WriteFormat): WriteFormat {
  const chosen = format === undefined ? formatOfName(name) : oneOf("format", format, writeFormats);
  if (name.endsWith(".gz") && (chosen === "gensim" || chosen === "npy")) {
    const message = `${name}: ${chosen} makes two files, which other programs do not read when they are packed. Leave .gz out.`;
    throw new SemspaceError("invalid-argument", message);
  }
  return chosen;
}

function formatOfName(name: string): WriteFormat {
  const ending = /\.(\w+)(\.gz)?$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (Object.hasOwn(endings, ending)) return endings[ending];
  const known = Object.entries(endings).map(([each, format]) => `.${each} (${format})`);
  throw new SemspaceError(
    "invalid-argument",
    `The name ${name} does not say which format to write. Endings: ${known.join(", ")}; or give a format.`,
  );
}
