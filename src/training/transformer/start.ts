/** Opens what a transformer that learns starts from: weights, config, tokenizer and the length of its texts. */
import { SemspaceError } from "../../errors.ts";
import { type ModelFolder, openFolder } from "../../hub/folder.ts";
import { loadWithTokenizer } from "../../texts/modules/transformer.ts";
import type { Tokenizer } from "../../tokenizers/index.ts";
import type { TransformerStart } from "./learner-options.ts";
import { randomSource } from "./random-weights.ts";
import { spelledOut } from "./spelled-out.ts";
import { checkpointSource, type WeightSource } from "./weight-source.ts";

export interface Started {
  /** Undefined for a model that begins at random. */
  readonly folder: ModelFolder | undefined;
  readonly source: WeightSource;
  /** What config.json says, or is to say. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly tokenizer: Tokenizer;
  readonly maxLength: number;
}

/** @param transformerFolder the folder with config.json, where it is not the model's own. Throws `invalid-argument` for neither a model nor a config. */
export async function startTransformer(
  options: TransformerStart,
  transformerFolder: (folder: ModelFolder) => Promise<ModelFolder> = (folder) => Promise.resolve(folder),
): Promise<Started> {
  const { model, config, tokenizer } = options;
  if (model !== undefined) {
    if (config)
      throw new SemspaceError("invalid-argument", "Give either a model to start from or the config of a new one.");
    return startFromFolder(await transformerFolder(await openFolder(model)), options);
  }
  if (!config || !tokenizer) {
    const message =
      "A new model needs a config (model_type, hidden_size …) and a tokenizer; a trained one its folder as model.";
    throw new SemspaceError("invalid-argument", message);
  }
  const pad = ["[PAD]", "<pad>"].map((token) => tokenizer.tokenToId(token)).find((id) => id !== undefined);
  const json = { ...config, vocab_size: tokenizer.vocabularySize, ...(pad === undefined ? {} : { pad_token_id: pad }) };
  const source = randomSource(json, options.seed ?? 42);
  const limit = source.architecture.maxPositions(source.config);
  const maxLength = Math.min(options.maxLength ?? limit, limit);
  return { folder: undefined, source, json: spelledOut(source, json), tokenizer, maxLength };
}

async function startFromFolder(folder: ModelFolder, options: TransformerStart): Promise<Started> {
  const source = await checkpointSource(folder);
  const { config, architecture } = source;
  const limit = architecture.maxPositions(config);
  const side = {
    config,
    maxPositions: limit,
    vocabularySize: config.vocabularySize,
    dispose: () => Promise.resolve(),
  };
  const { tokenizer, maxLength = limit } = await loadWithTokenizer(folder, () => Promise.resolve(side), options);
  return { folder, source, json: config.json, tokenizer, maxLength };
}
