/** Writes what has been learnt as a sentence-transformers folder: the files of the model that it came from, with new weights. */
import { joinLocation, writeBytes } from "#platform";
import { type TensorToWrite, writeSafetensors } from "../../formats/index.ts";
import { type ModelFolder, readJson } from "../../hub/folder.ts";
import type { Weight } from "../gradient/trainable.ts";
import { readsTypes, saveJson, saveTokenizer } from "./save-weights.ts";
import type { Started } from "./start.ts";
import type { TextLayers } from "./text-modules.ts";

/** Files beside the weights that a transformer's folder can have. */
export const companions: readonly string[] = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.txt",
  "vocab.json",
  "merges.txt",
  "sentencepiece.bpe.model",
  "spiece.model",
  "spm.model",
  "tokenizer.model",
  "sentence_bert_config.json",
  "LICENSE",
];

export interface LearntEmbedder {
  readonly started: Started;
  readonly layers: TextLayers;
  readonly whole: ModelFolder | undefined;
  readonly weights: ReadonlyMap<string, Weight>;
  readonly dimensions: number;
}

export async function saveEmbedder(folder: string, learnt: LearntEmbedder): Promise<void> {
  const { started, layers, whole, weights } = learnt;
  const listed =
    whole && layers.pooling === undefined ? await readJson<{ path: string }[]>(whole, "modules.json") : undefined;
  const place = listed ? joinLocation(folder, listed[0].path) : folder;
  if (started.folder) await copyFiles(started.folder, place, companions);
  else await saveTokenizer(place, started.tokenizer, { maxLength: started.maxLength, types: readsTypes(weights) });
  await saveConfig(place, started);
  const isOwn = (name: string) => !layers.places.has(name);
  await saveTensors(place, new Map([...weights].filter(([name]) => isOwn(name))), started);
  if (whole && listed) {
    const files = [
      "modules.json",
      "config_sentence_transformers.json",
      ...listed.map(({ path }) => `${path}/config.json`),
    ];
    await copyFiles(
      whole,
      folder,
      files.filter((path) => !path.startsWith("/") && path !== "/config.json"),
    );
    await saveModules(folder, learnt);
  } else await describeModules(folder, learnt);
}

/** config.json; the weights are float32 now, whatever they were. */
export async function saveConfig(
  folder: string,
  { json }: Started,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { torch_dtype: _, ...rest } = json;
  await saveJson(folder, "config.json", { ...rest, ...more, dtype: "float32" });
}

/** model.safetensors with the learnt tensors and those of the checkpoint that no graph asked for. */
export async function saveTensors(
  folder: string,
  weights: ReadonlyMap<string, Weight>,
  { source, nameOf = (name) => source.nameOf(name) }: Pick<Started, "source"> & { nameOf?: (name: string) => string },
): Promise<void> {
  const tensors: Record<string, TensorToWrite> = await source.rest(weights.keys());
  for (const [name, { value, shape }] of weights) tensors[nameOf(name)] = { dtype: "F32", shape, data: value };
  await writeBytes(joinLocation(folder, "model.safetensors"), writeSafetensors(tensors, { format: "pt" }));
}

export async function copyFiles(from: ModelFolder, to: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    // oxlint-disable-next-line no-await-in-loop -- small files
    if ((await from.size(path)) === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop
    await writeBytes(joinLocation(to, path), await from.read(path));
  }
}

/** The weights of Dense modules, in their folders. */
async function saveModules(folder: string, { layers, weights }: LearntEmbedder): Promise<void> {
  const files = new Map<string, Record<string, TensorToWrite>>();
  for (const [key, { path, name }] of layers.places) {
    const { value, shape } = weights.get(key)!;
    files.set(path, { ...files.get(path), [name]: { dtype: "F32", shape, data: value } });
  }
  for (const [path, tensors] of files) {
    // oxlint-disable-next-line no-await-in-loop -- one file a module
    await writeBytes(joinLocation(folder, `${path}/model.safetensors`), writeSafetensors(tensors, { format: "pt" }));
  }
}

/** The files that sentence-transformers describes a transformer and its pooling with. */
async function describeModules(folder: string, { layers, dimensions, started }: LearntEmbedder): Promise<void> {
  const module = (idx: number, path: string, type: string) => ({ idx, name: String(idx), path, type });
  await saveJson(folder, "modules.json", [
    module(0, "", "sentence_transformers.models.Transformer"),
    module(1, "1_Pooling", "sentence_transformers.models.Pooling"),
  ]);
  await saveJson(folder, "1_Pooling/config.json", {
    word_embedding_dimension: dimensions,
    pooling_mode_cls_token: layers.pooling === "cls",
    pooling_mode_mean_tokens: layers.pooling === "mean",
    pooling_mode_max_tokens: layers.pooling === "max",
    pooling_mode_mean_sqrt_len_tokens: layers.pooling === "mean_sqrt_len_tokens",
    pooling_mode_weightedmean_tokens: false,
    pooling_mode_lasttoken: layers.pooling === "lasttoken",
    include_prompt: true,
  });
  await saveJson(folder, "sentence_bert_config.json", { max_seq_length: started.maxLength, do_lower_case: false });
}
