/**
 * Transformer: tokenizer and encoder, the first module of most sentence-transformers models. What it reads besides
 * them decides how texts are cut: `sentence_bert_config.json` of both schemas, else the tokenizer's own limit, capped
 * by the model's positions (sentence-transformers 6.2, `base/modules/transformer.py`).
 */
import { warn } from "#platform";
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { type ModelFolder, readJson, readJsonIfPresent } from "../../hub/folder.ts";
import { type Tokenizer, loadTokenizer } from "../../tokenizers/index.ts";
import { disposeOnError } from "../../transformers/dispose-on-error.ts";
import {
  type SessionOptions,
  type TokenizerSide,
  type Transformer,
  loadTransformer,
  tokenizerMismatch,
} from "../../transformers/index.ts";

/** A model that reads tokens, and the tokenizer that makes them. */
export interface WithTokenizer<Model> {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  /** Most tokens of a text, special tokens included; undefined does not cut. */
  readonly maxLength: number | undefined;
}

export interface TransformerModule {
  readonly tokenizer: Tokenizer;
  readonly transformer: Transformer;
  /** Most tokens of a text, special tokens included; undefined does not cut. */
  readonly maxLength: number | undefined;
}

export interface TransformerModuleOptions extends SessionOptions {
  /** Overrides what the files say. */
  maxLength?: number | undefined;
  /** Hears of a tokenizer that does not seem to belong to the model. Default: a process warning in Node, the console in a browser. */
  onWarning?: ((message: string) => void) | undefined;
}

/** What a sentence-transformers file says about the tokens; older schema above, newer below. */
interface TransformerFile {
  max_seq_length?: number | null;
  do_lower_case?: boolean;
  tokenizer_args?: { model_max_length?: number };
  processor_kwargs?: { model_max_length?: number };
  processing_kwargs?: { text?: { max_length?: number } };
}

const fileNames = ["bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet"].map(
  (name) => `sentence_${name}_config.json`,
);

/** Loads both. Throws `mismatch` when the tokenizer has ids that the model has no embedding for. */
export async function loadTransformerModule(
  folder: ModelFolder,
  options: TransformerModuleOptions = {},
): Promise<TransformerModule> {
  const load = () => loadTransformer(folder, options);
  const { model, ...rest } = await loadWithTokenizer(folder, load, options);
  return { transformer: model, ...rest };
}

/** As {@link loadTransformerModule}, for any model that `load` gives: an encoder alone or one with a head. */
export async function loadWithTokenizer<Model extends Pick<Transformer, "maxPositions" | "dispose"> & TokenizerSide>(
  folder: ModelFolder,
  load: () => Promise<Model>,
  options: Pick<TransformerModuleOptions, "maxLength" | "onWarning"> = {},
): Promise<WithTokenizer<Model>> {
  const file = await readFirst(folder);
  const lowercases = file.do_lower_case ?? false;
  const tokenizer = await loadTokenizer(lowercases ? lowercasing(folder) : folder);
  const model = await load();
  return disposeOnError(model, async () => {
    checkVocabularies(tokenizer, model, folder);
    const mismatch = tokenizerMismatch(tokenizer, model);
    if (mismatch !== undefined) (options.onWarning ?? warn)(`${folder.name}: ${mismatch}`);
    const length = options.maxLength ?? maxLengthOf(file);
    const limit = model.maxPositions ?? Infinity;
    const maxLength = Math.min(length ?? (await tokenizerLimit(folder, limit)), limit);
    return {
      tokenizer,
      model,
      maxLength: Number.isFinite(maxLength) ? wholeNumber("maxLength", maxLength, 1) : undefined,
    };
  });
}

async function readFirst(folder: ModelFolder): Promise<TransformerFile> {
  for (const name of fileNames) {
    // oxlint-disable-next-line no-await-in-loop -- the first one that is there counts
    const file = await readJsonIfPresent<TransformerFile>(folder, name);
    if (file) return file;
  }
  return {};
}

function maxLengthOf(file: TransformerFile): number | undefined {
  return (
    file.processing_kwargs?.text?.max_length ??
    file.processor_kwargs?.model_max_length ??
    file.tokenizer_args?.model_max_length ??
    file.max_seq_length ??
    undefined
  );
}

/** transformers' `model_max_length`, a huge number where there is no limit; without that file, what tokenizer.json cuts at. */
async function tokenizerLimit(folder: ModelFolder, limit: number): Promise<number> {
  const config = await readJsonIfPresent<{ model_max_length?: number }>(folder, "tokenizer_config.json");
  if (config?.model_max_length !== undefined) return config.model_max_length > 1e9 ? Infinity : config.model_max_length;
  if (Number.isFinite(limit)) return limit;
  const tokenizer = await readJsonIfPresent<{ truncation?: { max_length?: number } | null }>(folder, "tokenizer.json");
  return tokenizer?.truncation?.max_length ?? Infinity;
}

function checkVocabularies(tokenizer: Tokenizer, model: TokenizerSide, folder: ModelFolder): void {
  const rows = model.vocabularySize ?? Infinity;
  let largest = -1;
  for (const id of tokenizer.vocabulary().values()) largest = Math.max(largest, id);
  if (largest < rows) return;
  throw new SemspaceError(
    "mismatch",
    `The tokenizer in ${folder.name} has ids up to ${largest}, the model has embeddings for 0 to ${rows - 1}. Use the tokenizer that the model was trained with.`,
  );
}

/** The folder with a Lowercase normalizer in front of its tokenizer's own, as `do_lower_case` asks. */
function lowercasing(folder: ModelFolder): ModelFolder {
  const path = "tokenizer.json";
  return {
    name: folder.name,
    size: (name) => folder.size(name),
    location: (name) => folder.location(name),
    async read(name, range) {
      if (name !== path || range) return folder.read(name, range);
      const json = await readJson<{ normalizer?: { type: string; normalizers?: { type: string }[] } | null }>(
        folder,
        path,
      );
      const old = json.normalizer?.normalizers ?? (json.normalizer ? [json.normalizer] : []);
      if (old.some(({ type }) => type === "Lowercase")) return folder.read(path);
      json.normalizer = { type: "Sequence", normalizers: [{ type: "Lowercase" }, ...old] };
      return new TextEncoder().encode(JSON.stringify(json));
    },
  };
}
