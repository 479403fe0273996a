/**
 * What a sentence-transformers folder says about using its vectors (config_sentence_transformers.json):
 * prompts, measure of similarity, and how many dimensions to keep. The rules of choice are those of
 * sentence-transformers 6.2 (`_resolve_prompt`, `encode_query`, `encode_document`).
 */
import { SemspaceError, oneOf, wholeNumber } from "../errors.ts";
import { type ModelFolder, readJsonIfPresent } from "../hub/folder.ts";
import { type Measure, measures } from "../matrix/index.ts";

export interface ModelSettings {
  prompts: Readonly<Record<string, string>>;
  defaultPromptName: string | undefined;
  similarity: Measure;
  /** Dimensions kept of each vector; more than it has keeps all. */
  truncateDim: number;
}

/** What a model without config_sentence_transformers.json has. */
export const plainSettings: ModelSettings = {
  prompts: {},
  defaultPromptName: undefined,
  similarity: "cosine",
  truncateDim: Number.MAX_SAFE_INTEGER,
};

/** What the text is for; decides which prompt stands for "no prompt given". */
export type Task = "query" | "document" | undefined;

interface SettingsFile {
  prompts?: Record<string, string | null>;
  default_prompt_name?: string | null;
  similarity_fn_name?: string | null;
  truncate_dim?: number | null;
}

/** Reads config_sentence_transformers.json. Throws `invalid-file` when a value is not what the format allows. */
export async function readSettings(folder: ModelFolder): Promise<ModelSettings> {
  const name = "config_sentence_transformers.json";
  const file = await readJsonIfPresent<SettingsFile | null>(folder, name);
  if (!file) return plainSettings;
  try {
    const prompts = Object.entries(file.prompts ?? {}).map(([key, prompt]): [string, string] => {
      if (prompt !== null && typeof prompt !== "string") throw new Error(`The prompt "${key}" is not a string.`);
      return [key, prompt ?? ""];
    });
    const settings: ModelSettings = {
      prompts: Object.fromEntries(prompts),
      defaultPromptName: file.default_prompt_name ?? undefined,
      similarity: oneOf("similarity_fn_name", file.similarity_fn_name ?? "cosine", measures),
      truncateDim: wholeNumber("truncate_dim", file.truncate_dim ?? Number.MAX_SAFE_INTEGER, 1),
    };
    promptFor(settings, undefined, {});
    return settings;
  } catch (cause) {
    throw new SemspaceError("invalid-file", `${name} in ${folder.name}: ${(cause as Error).message}`, { cause });
  }
}

/** The text to put in front of each text. Throws `invalid-argument` for a name that the model does not have. */
export function promptFor(
  settings: ModelSettings,
  task: Task,
  options: { prompt?: string; promptName?: string },
): string {
  if (options.prompt !== undefined) return options.prompt;
  // sentence-transformers always has the names "query" and "document", empty unless configured, so for
  // these tasks it never falls back to the default prompt (nor, for documents, to "passage" or "corpus").
  const prompts: Readonly<Record<string, string>> = { query: "", document: "", ...settings.prompts };
  const name = options.promptName ?? task ?? settings.defaultPromptName;
  if (name === undefined) return "";
  const prompt = Object.hasOwn(prompts, name) ? prompts[name] : undefined;
  if (prompt === undefined) {
    throw new SemspaceError(
      "invalid-argument",
      `Unknown prompt name "${name}". This model has: ${Object.keys(prompts).join(", ")}.`,
    );
  }
  return prompt;
}
