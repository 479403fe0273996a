/** The vocabulary files of before tokenizer.json existed, as a tokenizer.json. */
import { readSentencePiece } from "../formats/sentencepiece.ts";
import { type ModelFolder, readJson } from "../hub/folder.ts";
import { fromMerges } from "./from-merges.ts";
import { fromSentencePiece } from "./from-sentencepiece.ts";
import { fromVocabTxt } from "./from-vocab-txt.ts";
import { readTokenizerConfig } from "./tokenizer-files.ts";
import type { TokenizerJson } from "./tokenizer-json.ts";

/** The names under which SentencePiece models are published, the more telling ones first. */
const sentencePieceFiles = [
  "sentencepiece.bpe.model",
  "spiece.model",
  "tokenizer.model",
  "sentencepiece.model",
  "spm.model",
];

/** What `fromVocabFiles` looks for, for messages. */
export const vocabFiles: readonly string[] = ["vocab.txt", "vocab.json with merges.txt", ...sentencePieceFiles];

/**
 * Makes a tokenizer.json of vocab.json + merges.txt, vocab.txt or a SentencePiece model, with what the JSON files
 * beside it say; undefined when the folder has none of them. Throws `invalid-file` for a malformed file.
 */
export async function fromVocabFiles(folder: ModelFolder): Promise<TokenizerJson | undefined> {
  const has = async (path: string) => (await folder.size(path)) !== undefined;
  const text = async (path: string) => new TextDecoder().decode(await folder.read(path));
  if ((await has("vocab.json")) && (await has("merges.txt"))) {
    const vocab = await readJson<unknown>(folder, "vocab.json");
    return fromMerges(vocab, await text("merges.txt"), await readTokenizerConfig(folder));
  }
  if (await has("vocab.txt")) return fromVocabTxt(await text("vocab.txt"), await readTokenizerConfig(folder));
  for (const file of sentencePieceFiles) {
    if (!(await has(file))) continue;
    const model = readSentencePiece(await folder.read(file), `${file} in ${folder.name}`);
    return fromSentencePiece(model, { config: await readTokenizerConfig(folder), file });
  }
  return undefined;
}
