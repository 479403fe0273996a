/** The vocabulary files of before tokenizer.json existed, as a tokenizer.json. */
import { readSentencePiece } from "../formats/sentencepiece.ts";
import { type ModelFolder, readJson, readJsonIfPresent } from "../hub/folder.ts";
import { fromMerges } from "./from-merges.ts";
import { fromSentencePiece } from "./from-sentencepiece.ts";
import { fromVocabTxt } from "./from-vocab-txt.ts";
import type { TokenizerConfig } from "./tokenizer-config.ts";
import { isObject, type TokenizerJson } from "./tokenizer-json.ts";

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
 * Makes a tokenizer.json of vocab.json + merges.txt, vocab.txt or a SentencePiece model, with what tokenizer_config.json and
 * special_tokens_map.json say; undefined when the folder has none of them. Throws `invalid-file` for a malformed file.
 */
export async function fromVocabFiles(folder: ModelFolder): Promise<TokenizerJson | undefined> {
  const has = async (path: string) => (await folder.size(path)) !== undefined;
  const text = async (path: string) => new TextDecoder().decode(await folder.read(path));
  const config: TokenizerConfig = {
    ...(await objectIfPresent(folder, "special_tokens_map.json")),
    ...(await objectIfPresent(folder, "tokenizer_config.json")),
  };
  if ((await has("vocab.json")) && (await has("merges.txt"))) {
    return fromMerges(await readJson<unknown>(folder, "vocab.json"), await text("merges.txt"), config);
  }
  if (await has("vocab.txt")) return fromVocabTxt(await text("vocab.txt"), config);
  for (const file of sentencePieceFiles) {
    if (await has(file))
      return fromSentencePiece(readSentencePiece(await folder.read(file), `${file} in ${folder.name}`), {
        config,
        file,
      });
  }
  return undefined;
}

async function objectIfPresent(folder: ModelFolder, path: string): Promise<Record<string, unknown>> {
  const json = await readJsonIfPresent<unknown>(folder, path);
  return isObject(json) ? json : {};
}
