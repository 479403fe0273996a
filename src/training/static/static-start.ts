/** What a static table begins with. */
import { readBytes } from "#platform";
import { SemspaceError, wholeNumber } from "../../errors.ts";
import { type ModelSource, openFolder, readJsonIfPresent } from "../../hub/folder.ts";
import type { Matrix } from "../../matrix/index.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { readStaticParts, type StaticReading, staticReading } from "../../texts/static/index.ts";
import { loadTokenizer } from "../../tokenizers/index.ts";

export type StaticStart =
  /** A static model's folder: its table is trained further. Row scales and mappings are multiplied in. */
  | { model: ModelSource }
  /** Random vectors for the vocabulary of a tokenizer: a folder that has one, or the path of a tokenizer.json. */
  | { tokenizer: ModelSource; dimensions: number; seed?: number }
  /** A vector for each token of a tokenizer, [vocabulary, dimensions]. */
  | { tokenizer: ModelSource; vectors: Matrix };

export interface StaticBeginning {
  /** [ids, dimensions] */
  rows: Float32Array;
  dimensions: number;
  /** The bytes of tokenizer.json. */
  tokenizer: Uint8Array;
  maxLength: number | null;
  normalize: boolean;
  /** Whether the unknown token is left out of the mean, as model2vec does. */
  skipUnknown: boolean;
  /** How the folder is written: as it was read, a new one for both readers. */
  layout: StaticReading;
}

export async function startOf(start: StaticStart): Promise<StaticBeginning> {
  if ("model" in start) return fromModel(start.model);
  const tokenizer = await tokenizerBytes(start.tokenizer);
  // What is saved is a model2vec folder, whose rules are these.
  const rules = { maxLength: 512, normalize: true, skipUnknown: true, layout: "model2vec" } as const;
  if ("vectors" in start) {
    return { rows: start.vectors.data, dimensions: start.vectors.columns, tokenizer, ...rules };
  }
  const dimensions = wholeNumber("dimensions", start.dimensions, 4);
  const count = (await loadTokenizer({ "tokenizer.json": tokenizer })).vocabularySize;
  return { rows: normalNumbers(count * dimensions, start.seed ?? 42), dimensions, tokenizer, ...rules };
}

async function fromModel(source: ModelSource): Promise<StaticBeginning> {
  const folder = await openFolder(source);
  const reading = await staticReading(folder);
  if (!reading) {
    throw new SemspaceError(
      "unsupported",
      `${folder.name} holds no static model. Give one, or begin with random vectors: { tokenizer, dimensions }.`,
    );
  }
  const { rows, dimensions, rowOf, weightOf, tokenizer, config } = await readStaticParts(folder, reading);
  const ids = rowOf?.length ?? rows.length / dimensions;
  const table = new Float32Array(ids * dimensions);
  for (let id = 0; id < ids; id += 1) {
    const from = (rowOf?.[id] ?? id) * dimensions;
    const weight = weightOf?.[id] ?? 1;
    for (let k = 0; k < dimensions; k += 1) table[id * dimensions + k] = rows[from + k] * weight;
  }
  const common = { rows: table, dimensions, tokenizer, skipUnknown: reading === "model2vec", layout: reading };
  if (reading === "model2vec") {
    const maxLength = config.max_length === undefined ? 512 : config.max_length;
    return { ...common, maxLength, normalize: config.normalize ?? false };
  }
  const modules = (await readJsonIfPresent<{ type: string }[]>(folder, "modules.json")) ?? [];
  return { ...common, maxLength: null, normalize: modules.some(({ type }) => type.endsWith("Normalize")) };
}

async function tokenizerBytes(source: ModelSource): Promise<Uint8Array> {
  if (typeof source === "string" && source.endsWith(".json")) return readBytes(source);
  return (await openFolder(source)).read("tokenizer.json");
}

/** Values of a normal distribution, as torch begins an embedding with (Box & Muller). */
function normalNumbers(length: number, seed: number): Float32Array {
  const random = randomNumbers(seed);
  const values = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < length) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}
