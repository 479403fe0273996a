/** An index of documents with the model that it was made with. */
import { readJsonIfPresent, type ModelFolder } from "../../hub/folder.ts";
import { countWords, tokenCounter, type PassageOptions } from "../../documents/index.ts";
import { SemspaceError } from "../../errors.ts";
import { openIndex, createIndex, type SearchIndex } from "../../search/search-index.ts";
import { modelFingerprint } from "../../search/model-fingerprint.ts";
import type { Embedder } from "../../texts/embedder.ts";
import { modelEmbedder, modelFolder, tokenizerFolder } from "../model-option.ts";
import { readFileTable, type FileTable, type IndexSettings } from "./file-table.ts";

export interface OpenDocuments {
  index: SearchIndex;
  embedder: Embedder;
  folder: ModelFolder;
}

/** The table of an index that is there. Throws `missing-file` where there is none. */
export async function tableOf(path: string): Promise<FileTable> {
  const table = await readFileTable(path);
  if (table) return table;
  throw new SemspaceError(
    "missing-file",
    `No index of documents in ${path}. Make one: semspace index build FOLDER --output ${path}`,
  );
}

/** Opens the index, or makes it, with its model; `model` is another place of the same one. */
export async function openDocuments(
  path: string,
  { model, dtype }: Pick<IndexSettings, "model" | "dtype">,
  create: boolean,
): Promise<OpenDocuments> {
  const folder = await modelFolder(model);
  const embedder = await modelEmbedder(model, { dtype });
  try {
    const fingerprint = await modelFingerprint(folder);
    const index = create
      ? await createIndex(embedder, { path, fingerprint })
      : await openIndex(path, embedder, { fingerprint });
    return { index, embedder, folder };
  } catch (error) {
    await embedder.dispose();
    throw error;
  }
}

/** How documents are cut: in the tokens of the model, in words where it has no tokenizer. */
export async function passageOptions(
  folder: ModelFolder,
  { unit, maxTokens, overlap }: IndexSettings,
): Promise<PassageOptions> {
  const { loadTokenizer } = await import("../../tokenizers/index.ts");
  const tokenizer = await loadTokenizer(await tokenizerFolder(folder)).catch((error: unknown) => {
    if (error instanceof SemspaceError && error.code === "missing-file") return undefined;
    throw error;
  });
  return { unit, maxTokens, overlap, countTokens: tokenizer ? tokenCounter(tokenizer) : countWords };
}

/** Most tokens of a passage by default: about a paragraph, and no more than the model reads. */
export async function defaultMaxTokens(folder: ModelFolder): Promise<number> {
  const config = await readJsonIfPresent<{ max_seq_length?: unknown }>(folder, "sentence_bert_config.json");
  const most = Number(config?.max_seq_length ?? Infinity);
  return most > 16 ? Math.min(DEFAULT_TOKENS, most - 2) : DEFAULT_TOKENS;
}

const DEFAULT_TOKENS = 200;
