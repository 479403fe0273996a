/**
 * A static model: text → token ids → mean of the tokens' rows. No context, no neural network, so one core embeds
 * tens of thousands of texts a second.
 * Reference: model2vec 0.10 (`StaticModel.encode`) and sentence-transformers 6.2 (`StaticEmbedding`), chosen by `reading`.
 * Differs: means are float32 whatever type the table has (model2vec gives float16 for a float16 table).
 */
import { SemspaceError, oneOf, wholeNumber } from "../../errors.ts";
import { type ModelSource, openFolder } from "../../hub/folder.ts";
import { createTable, type EmbeddingTable, type KernelChoice } from "../../kernels/index.ts";
import { Matrix } from "../../matrix/index.ts";
import { loadTokenizer, type Tokenizer } from "../../tokenizers/index.ts";
import { type PoolJob, type StaticPool, startStaticPool } from "./static-pool.ts";
import { readStaticParts, staticReading } from "./read-static.ts";
import {
  checkTable,
  type StaticConfig,
  type StaticModelParts,
  type StaticReading,
  staticReadings,
} from "./static-parts.ts";
import { firstCodePoints, medianTokenLength } from "./text-cut.ts";

export interface StaticModelOptions {
  /** Default: as the folder asks ({@link staticReading}). */
  reading?: StaticReading | undefined;
  /** Most tokens of a text; null does not cut. Default: what the model says. */
  maxLength?: number | null | undefined;
  /** Scale vectors to length 1. Default: what model2vec's config.json says; false for a sentence-transformers folder, whose Normalize is a module of its own. */
  normalize?: boolean | undefined;
  /**
   * Cores that {@link StaticModel.embed} may use, once there is text enough to be worth starting threads. Default 1.
   * Where a runtime has no threads (a browser), one core gives the same vectors.
   */
  threads?: number | undefined;
  /** Default "auto": WASM where it is there. Both give the same bits. */
  kernels?: KernelChoice | undefined;
}

/** How a static model turns tokens into a vector. */
export interface StaticRules {
  /** Most code points of a text, before it is tokenised. */
  maxCharacters: number | undefined;
  maxLength: number | undefined;
  /** Left out of the mean; -1 for none. */
  skip: number;
  normalize: boolean;
}

/** Texts go through tokenizer and kernel in groups, so that the ids of a large call are never all in memory. */
const GROUP = 2048;
/** UTF-16 units after which threads are started: about half a second of one core. */
const WORTH_THREADS = 8_000_000;

/**
 * Opens a static model. Throws `unsupported` when the folder holds none, `mismatch` when tokenizer and table do not fit.
 *
 * @example
 * const model = await loadStaticModel("potion-base-8M");
 * model.encodeTexts(["Best movie ever!"]); // Matrix of 1 × 256
 */
export async function loadStaticModel(source: ModelSource, options: StaticModelOptions = {}): Promise<StaticModel> {
  const folder = await openFolder(source);
  const reading = options.reading && oneOf("reading", options.reading, staticReadings);
  const chosen = reading ?? (await staticReading(folder));
  if (!chosen) {
    throw new SemspaceError(
      "unsupported",
      `${folder.name} holds no static model: neither a config.json of model2vec nor a modules.json that starts with StaticEmbedding.`,
    );
  }
  const read = (): Promise<StaticModelParts> => readStaticParts(folder, chosen);
  return createStaticModel(await read(), { ...options, reading: chosen, name: folder.name }, read);
}

/** A static model from its parts. `read` gives them again for the threads, so that they need not be kept in memory. */
export async function createStaticModel(
  parts: StaticModelParts,
  options: StaticModelOptions & { reading: StaticReading; name: string },
  read: () => Promise<StaticModelParts> = () => Promise.resolve(parts),
): Promise<StaticModel> {
  const tokenizer = await loadTokenizer({ "tokenizer.json": parts.tokenizer });
  let largestId = -1;
  for (const id of tokenizer.vocabulary().values()) largestId = Math.max(largestId, id);
  checkTable(parts, largestId, options.name);
  const threads = wholeNumber("threads", options.threads ?? 1, 1);
  const rules = rulesOf(tokenizer, parts.config, options);
  const table = await createTable(parts, options.kernels);
  const startPool = async (): Promise<StaticPool | undefined> =>
    threads === 1 ? undefined : startStaticPool(await read(), { ...options, threads: 1 }, threads);
  return new StaticModel({ ...options, dimensions: parts.dimensions, tokenizer, table, rules, startPool });
}

function rulesOf(
  tokenizer: Tokenizer,
  config: StaticConfig,
  options: StaticModelOptions & { reading: StaticReading },
): StaticRules {
  const normalize = options.normalize ?? config.normalize ?? false;
  const given = options.maxLength === undefined ? undefined : (options.maxLength ?? Infinity);
  if (options.reading === "sentence-transformers") {
    const maxLength = checkedLength(given ?? tokenizer.truncation?.maxLength ?? Infinity);
    return { maxCharacters: undefined, maxLength, skip: -1, normalize };
  }
  const maxLength = checkedLength(given ?? (config.max_length === undefined ? 512 : (config.max_length ?? Infinity)));
  const maxCharacters = maxLength && maxLength * medianTokenLength(tokenizer.vocabulary().keys());
  return { maxCharacters, maxLength, skip: unknownId(tokenizer) ?? -1, normalize };
}

/** The id that stands for text that the vocabulary does not have; a Unigram model names the id itself. */
function unknownId(tokenizer: Tokenizer): number | undefined {
  const { unk_token: token, unk_id: id } = tokenizer.json.model as { unk_token?: unknown; unk_id?: unknown };
  if (typeof token === "string") return tokenizer.tokenToId(token);
  return typeof id === "number" ? id : undefined;
}

function checkedLength(length: number): number | undefined {
  return length === Infinity ? undefined : wholeNumber("maxLength", length, 1);
}

interface StaticModelState {
  name: string;
  reading: StaticReading;
  dimensions: number;
  tokenizer: Tokenizer;
  table: EmbeddingTable;
  rules: StaticRules;
  startPool: () => Promise<StaticPool | undefined>;
}

export class StaticModel {
  readonly name: string;
  readonly reading: StaticReading;
  readonly dimensions: number;
  readonly tokenizer: Tokenizer;
  readonly #table: EmbeddingTable;
  readonly #rules: StaticRules;
  readonly #startPool: () => Promise<StaticPool | undefined>;
  #pool: Promise<StaticPool | undefined> | undefined;
  /** UTF-16 units that went through {@link embed}. */
  #embedded = 0;

  constructor({ name, reading, dimensions, tokenizer, table, rules, startPool }: StaticModelState) {
    this.name = name;
    this.reading = reading;
    this.dimensions = dimensions;
    this.tokenizer = tokenizer;
    this.#table = table;
    this.#rules = rules;
    this.#startPool = startPool;
  }

  /** Most tokens of a text that count; undefined counts all. */
  get maxLength(): number | undefined {
    return this.#rules.maxLength;
  }

  /** One vector a text, [texts, dimensions]; a text without known tokens gives zeros. */
  encodeTexts(texts: readonly string[]): Matrix {
    const matrix = Matrix.zeros(texts.length, this.dimensions);
    this.encodeInto(texts, matrix.data);
    return matrix;
  }

  /** As {@link encodeTexts}, into the head of `output`. */
  encodeInto(texts: readonly string[], output: Float32Array): void {
    const { maxCharacters, maxLength, skip, normalize } = this.#rules;
    for (let start = 0; start < texts.length; start += GROUP) {
      const group = texts.slice(start, start + GROUP);
      const cut = maxCharacters === undefined ? group : group.map((text) => firstCodePoints(text, maxCharacters));
      const ids = this.tokenizer.encodeIds(cut, {
        addSpecialTokens: false,
        ...(maxLength !== undefined && { maxLength }),
      });
      const end = (start + group.length) * this.dimensions;
      this.#table.meanRows(ids, output.subarray(start * this.dimensions, end), { skip, normalize });
    }
  }

  /** The vector of each token by its id, [ids, dimensions], as the mean of a text takes it. */
  tokenVectors(ids: Int32Array): Matrix {
    const matrix = Matrix.zeros(ids.length, this.dimensions);
    const starts = Int32Array.from({ length: ids.length + 1 }, (_, i) => i);
    this.#table.meanRows({ ids, starts }, matrix.data);
    return matrix;
  }

  /** As {@link encodeInto}, on as many threads as the model was opened with; can be aborted between groups of texts. */
  async embed(texts: readonly string[], output: Float32Array, job: PoolJob = {}): Promise<void> {
    for (const text of texts) this.#embedded += text.length;
    if (this.#embedded >= WORTH_THREADS) this.#pool ??= this.#startPool();
    const pool = await this.#pool;
    if (pool) return pool.encodeInto(texts, output, job);
    for (let start = 0; start < texts.length; start += GROUP) {
      job.signal?.throwIfAborted();
      const group = texts.slice(start, start + GROUP);
      this.encodeInto(group, output.subarray(start * this.dimensions));
      // oxlint-disable-next-line no-await-in-loop -- one group after the other
      await job.advance?.(group.length);
    }
  }

  /** Ends the threads and gives the table's memory back. Later calls throw `disposed`. */
  async dispose(): Promise<void> {
    this.#table.dispose();
    await (await this.#pool)?.dispose();
  }
}
