/** A file of word vectors in the place of a model's folder: a folder of that one file, for all that opens models. */
import { fileSize, readBytes } from "#platform";
import type { ModelFolder } from "../../hub/folder.ts";
import type { TextBody } from "../text-body.ts";
import { meanOfWords } from "./embedder-of-words.ts";

/** The name of the file in such a folder. */
export const wordVectorFile = "word-vectors";

const endings = /\.(bin|ftz|vec|txt|glove|kv|model|npy|safetensors)(\.gz)?$/i;

/** Undefined where the location is no file with an ending of word vectors. */
export async function openWordVectorFile(location: string | URL): Promise<ModelFolder | undefined> {
  const name = String(location);
  if (!endings.test(name) || (await fileSize(name)) === undefined) return undefined;
  const isIt = (path: string): boolean => path === wordVectorFile;
  return {
    name,
    read: (path, range) => readBytes(isIt(path) ? name : `${name}/${path}`, range),
    size: (path) => (isIt(path) ? fileSize(name) : Promise.resolve(undefined)),
    location: (path) => (isIt(path) ? name : undefined),
  };
}

/** The mean of the words' vectors. Throws as `loadWordVectors`. */
export async function loadWordModel(folder: ModelFolder): Promise<TextBody> {
  const { loadWordVectors } = await import("../../words/index.ts");
  return meanOfWords(await loadWordVectors(folder.name), { name: folder.name });
}
