/** From a model's folder to its tokenizer: tokenizer.json where there is one, else the vocabulary files of before it existed. */
import { SemspaceError } from "../errors.ts";
import { type ModelSource, openFolder, readJson } from "../hub/folder.ts";
import { fromVocabFiles, vocabFiles } from "./from-vocab-files.ts";
import { readModelType } from "./tokenizer-files.ts";
import { Tokenizer } from "./tokenizer.ts";

/**
 * Opens the tokenizer of a folder, a URL, or files in memory: tokenizer.json, else vocab.txt, vocab.json with merges.txt, or a SentencePiece
 * model, these with what tokenizer_config.json says. Throws `missing-file` naming what was looked for, `invalid-file` for a malformed
 * file, `unsupported` for a part that this package does not know.
 *
 * @example
 * const tokenizer = await loadTokenizer("./all-MiniLM-L6-v2");
 * tokenizer.encode("Hello world").ids; // [101, 7592, 2088, 102]
 */
export async function loadTokenizer(source: ModelSource): Promise<Tokenizer> {
  const folder = await openFolder(source);
  const hasJson = (await folder.size("tokenizer.json")) !== undefined;
  const json = hasJson ? await readJson<unknown>(folder, "tokenizer.json") : await fromVocabFiles(folder);
  if (json !== undefined) return new Tokenizer(json, { modelType: await readModelType(folder) });
  const wanted = ["tokenizer.json", ...vocabFiles].join(", ");
  throw new SemspaceError("missing-file", `No tokenizer in ${folder.name}. Looked for: ${wanted}.`);
}
