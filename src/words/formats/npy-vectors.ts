/** Vectors as numpy's .npy, the words one a line in a file beside it: NAME.words.txt, NAME.vocab, words.txt or vocab.txt. */
import { SemspaceError, shown } from "../../errors.ts";
import { readNpy, writeNpy } from "../../formats/npy.ts";
import { Matrix } from "../../matrix/index.ts";
import { WordVectors } from "../word-vectors.ts";
import type { ReadOptions } from "./text-vectors.ts";
import type { VectorFile } from "./vector-file.ts";

/** Throws `missing-file` without a file of words, `mismatch` when it has other than one line a row. */
export async function readNpyVectors(file: VectorFile, { limit = Infinity }: ReadOptions = {}): Promise<WordVectors> {
  const { shape, data } = readNpy(await file.bytes(), file.name);
  if (shape.length !== 2 || data instanceof BigInt64Array) {
    const message = `${file.name} has the shape (${shape.join(", ")}); rows and columns of floats are needed.`;
    throw new SemspaceError("invalid-file", message);
  }
  const stem = file.name
    .slice(Math.max(file.name.lastIndexOf("/"), file.name.lastIndexOf("\\")) + 1)
    .replace(/\.npy$/, "");
  const names = [`${stem}.words.txt`, `${stem}.vocab`, `${stem}.txt`, "words.txt", "vocab.txt"];
  const beside = await file.beside(names);
  if (!beside) {
    throw new SemspaceError(
      "missing-file",
      `No words for ${file.name}. Put them beside it, one a line, as ${names[0]}.`,
    );
  }
  const words = new TextDecoder().decode(beside.bytes).split("\n");
  if (words.at(-1) === "") words.pop();
  const [rows, columns] = shape;
  if (words.length !== rows) {
    throw new SemspaceError("mismatch", `${beside.name} has ${words.length} lines, ${file.name} has ${rows} rows.`);
  }
  const kept = words.slice(0, limit).map((word) => word.replace(/\r$/, ""));
  const used = data.subarray(0, kept.length * columns);
  return new WordVectors(
    kept,
    new Matrix(used instanceof Float32Array ? used : Float32Array.from(used), kept.length, columns),
  );
}

/** The two files by name. Throws `unsupported` for a word with a line break inside. */
export function npyFiles(vectors: WordVectors, name: string): Record<string, Uint8Array> {
  const broken = vectors.words.find((word) => word.includes("\n"));
  if (broken !== undefined) {
    throw new SemspaceError(
      "unsupported",
      `The word ${shown(broken)} has a line break; a file of a word a line cannot hold it.`,
    );
  }
  const { data, rows, columns } = vectors.vectors;
  return {
    [name]: writeNpy({ shape: [rows, columns], data }),
    [`${name.replace(/\.npy$/, "")}.words.txt`]: new TextEncoder().encode(
      vectors.words.map((word) => `${word}\n`).join(""),
    ),
  };
}
