/**
 * gensim's own files: `.save` of KeyedVectors and of whole models, versions 3 and 4. The pickle is read without running anything; arrays
 * of more than 10 million numbers lie beside it as `NAME.vectors.npy` (`NAME.wv.vectors.npy` of a whole model).
 */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { readNpy } from "../../formats/npy.ts";
import { type PickledObject, type PickleValue, readPickle } from "../../formats/pickle.ts";
import { Matrix } from "../../matrix/index.ts";
import { WordVectors } from "../word-vectors.ts";
import { allowedInGensim, attributes, isObjectOf, type PickledArray, pickledArray } from "./gensim-pickle.ts";
import { composeFastText } from "./gensim-fasttext.ts";
import type { ReadOptions } from "./text-vectors.ts";
import type { VectorFile } from "./vector-file.ts";

type State = ReadonlyMap<PickleValue, PickleValue>;

/** Throws `invalid-file`, `missing-file` for an array that should lie beside, `unsupported` for what is no model of words. */
export async function readGensim(file: VectorFile, { limit = Infinity }: ReadOptions = {}): Promise<WordVectors> {
  const root = readPickle(await file.bytes(), { name: file.name, allow: allowedInGensim });
  const { vectors: object, prefix } = keyedVectors(root, file.name);
  const state = attributes(object, file.name);
  const words = wordList(state, file.name).slice(0, limit);
  const counts = countsOf(state, words, file.name);
  const matrix = async (...names: string[]): Promise<Matrix> =>
    asRows(await arrayOf(file, state, { names, prefix }), file.name);
  if (isObjectOf(object, /FastTextKeyedVectors$/)) {
    const own = firstRows(await matrix("vectors_vocab"), words.length, file.name);
    const [minN, maxN] = ["min_n", "max_n"].map((key) => wholeNumber(key, state.get(key)));
    const { vectors, subwords } = composeFastText({ words, own, ngrams: await matrix("vectors_ngrams"), minN, maxN });
    return new WordVectors(words, vectors, { counts, subwords });
  }
  return new WordVectors(words, firstRows(await matrix("vectors", "syn0"), words.length, file.name), { counts });
}

function asRows({ shape, data }: PickledArray, name: string): Matrix {
  const [rows, columns] = shape;
  if (shape.length !== 2 || columns < 1) {
    throw new SemspaceError(
      "invalid-file",
      `${name} has vectors of the shape ${shape.join(" x ")}; rows and columns are needed.`,
    );
  }
  return new Matrix(data instanceof Float32Array ? data : Float32Array.from(data), rows, columns);
}

function firstRows({ data, rows, columns }: Matrix, count: number, name: string): Matrix {
  if (rows >= count) return new Matrix(data.subarray(0, count * columns), count, columns);
  throw new SemspaceError("mismatch", `${name} has ${count} words and ${rows} vectors: they do not belong together.`);
}

/** The object that holds the vectors: the file's own, or a model's `wv`. */
function keyedVectors(root: PickleValue, name: string): { vectors: PickledObject; prefix: string } {
  if (isObjectOf(root, /KeyedVectors$/)) return { vectors: root, prefix: "" };
  if (isObjectOf(root, /\.(Word2Vec|Doc2Vec|FastText)$/)) {
    const state = attributes(root, name);
    const wv = state.get("wv");
    if (isObjectOf(wv, /KeyedVectors$/)) return { vectors: wv, prefix: "wv." };
    // Before gensim 1 the model itself held the vectors.
    if (state.has("syn0") || state.has("index2word")) return { vectors: root, prefix: "" };
  }
  throw new SemspaceError(
    "unsupported",
    `${name} is a pickle without word vectors: KeyedVectors or a model with them is needed.`,
  );
}

function wordList(state: State, name: string): string[] {
  const list = ["index_to_key", "index2word", "index2entity"].map((key) => state.get(key)).find(Array.isArray);
  if (!list) throw new SemspaceError("invalid-file", `${name} has no list of words. Fetch it again.`);
  return (list as PickleValue[]).map((word) => String(word as string | number));
}

/** An array of the pickle, or of the file beside it that stands for it. */
async function arrayOf(
  file: VectorFile,
  state: State,
  { names, prefix }: { names: readonly string[]; prefix: string },
): Promise<PickledArray> {
  for (const name of names) {
    const found = pickledArray(state.get(name), file.name);
    if (found) return found;
  }
  const beside = await file.beside(names.map((name) => `+.${prefix}${name}.npy`));
  if (!beside) {
    const wanted = `${file.name}.${prefix}${names[0]}.npy`;
    throw new SemspaceError(
      "missing-file",
      `No ${wanted}: gensim keeps large arrays in files of their own. Put it beside ${file.name}.`,
    );
  }
  const { shape, data } = readNpy(beside.bytes, beside.name);
  if (data instanceof Float32Array || data instanceof Float64Array) return { shape, data };
  throw new SemspaceError("unsupported", `${beside.name} holds no floats.`);
}

/** gensim 4 keeps them in `expandos`, gensim 3 one object a word in `vocab`. */
function countsOf(state: State, words: readonly string[], name: string): Float64Array | undefined {
  const expandos = state.get("expandos");
  const counts = expandos instanceof Map ? pickledArray(expandos.get("count"), name) : undefined;
  if (counts && counts.data.length >= words.length) return Float64Array.from(counts.data.subarray(0, words.length));
  const vocab = state.get("vocab");
  if (!(vocab instanceof Map)) return undefined;
  return Float64Array.from(words, (word) => {
    const entry = vocab.get(word);
    const count = isObjectOf(entry, /Vocab$/) ? attributes(entry, name).get("count") : 0;
    return typeof count === "number" ? count : 0;
  });
}
