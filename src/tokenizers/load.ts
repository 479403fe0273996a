/** From a model's folder to its tokenizer: tokenizer.json where there is one, else the vocabulary files of before it existed. */
import { SemspaceError } from "../errors.ts";
import { type ModelFolder, type ModelSource, openFolder, readJson } from "../hub/folder.ts";
import { Tokenizer } from "./tokenizer.ts";

/**
 * Opens the tokenizer of a folder, a URL, or files in memory. Throws `missing-file` naming what was looked for, `invalid-file` for a
 * malformed file, `unsupported` for a part that this package does not know.
 *
 * @example
 * const tokenizer = await loadTokenizer("./all-MiniLM-L6-v2");
 * tokenizer.encode("Hello world").ids; // [101, 7592, 2088, 102]
 */
export async function loadTokenizer(source: ModelSource): Promise<Tokenizer> {
  const folder = await openFolder(source);
  if ((await folder.size("tokenizer.json")) !== undefined)
    return new Tokenizer(await readJson(folder, "tokenizer.json"));
  return new Tokenizer(await fromVocabularyFiles(folder));
}

function fromVocabularyFiles(folder: ModelFolder): Promise<unknown> {
  throw new SemspaceError("missing-file", `No tokenizer.json in ${folder.name}.`);
}
