/** The batches that a language model learns from: rows of a packed corpus in a new order every epoch, with what is asked about them. */
import { SemspaceError } from "../../errors.ts";
import type { CorpusSource } from "../../formats/corpus-source.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import type { Tokenizer } from "../../tokenizers/index.ts";
import { shuffled } from "../samplers/shuffled.ts";
import type { LanguageModel, LanguageModelBatch } from "./language-model.ts";
import { maskTokens } from "./mask-tokens.ts";
import { packTokens } from "./packed-tokens.ts";

export interface LanguageModelRows {
  /** Batches an epoch; rows that do not fill one are left out. */
  readonly batches: number;
  /** Batch `index` of an epoch; `random` draws the masks. */
  batch(epoch: number, index: number, random: () => number): LanguageModelBatch;
}

export interface RowsOptions {
  readonly columns: number;
  readonly batchSize: number;
  readonly maskShare: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Reads and packs the corpus. Throws `invalid-argument` for one of less than a batch, `unsupported` for a tokenizer without a mask. */
export async function languageModelRows(
  { tokenizer, causal }: Pick<LanguageModel, "tokenizer" | "causal">,
  corpus: CorpusSource,
  { columns, batchSize, maskShare, seed, signal }: RowsOptions,
): Promise<LanguageModelRows> {
  const special = specialIds(tokenizer);
  const around = causal ? { first: [], last: [] } : aroundTexts(tokenizer, special);
  const end = causal ? ["<|endoftext|>", "</s>"].map((token) => tokenizer.tokenToId(token)) : [];
  const between = end.filter((id) => id !== undefined).slice(0, 1);
  const packed = await packTokens(corpus, tokenizer, { columns, around, between, signal });
  const batches = Math.floor(packed.rows / batchSize);
  if (batches === 0) {
    const message = `The corpus fills ${packed.rows} rows of ${columns} tokens, a batch has ${batchSize}. Give more text, or a smaller batchSize.`;
    throw new SemspaceError("invalid-argument", message);
  }
  const mask = causal ? undefined : { share: maskShare, special, ...maskOf(tokenizer) };
  let order: Int32Array = new Int32Array();
  let ordered = -1;
  return {
    batches,
    batch(epoch, index, random) {
      if (ordered !== epoch) order = shuffled(packed.rows, randomNumbers(seed ^ Math.imul(epoch + 1, 0x85ebca6b)));
      ordered = epoch;
      const ids = new Int32Array(batchSize * columns);
      for (let row = 0; row < batchSize; row += 1) {
        const from = order[index * batchSize + row] * columns;
        ids.set(packed.ids.subarray(from, from + columns), row * columns);
      }
      const asked = mask ? maskTokens(ids, { ...mask, random }) : whatFollows(ids, columns);
      return { rows: batchSize, columns, ...asked };
    },
  };
}

/** Every token but the last of a row is asked for the next one. */
function whatFollows(ids: Int32Array, columns: number): Pick<LanguageModelBatch, "ids" | "positions" | "labels"> {
  const positions = Int32Array.from([...ids.keys()].filter((i) => i % columns < columns - 1));
  return { ids, positions, labels: positions.map((i) => ids[i + 1]) };
}

function specialIds(tokenizer: Tokenizer): Set<number> {
  const added = tokenizer.json.added_tokens ?? [];
  return new Set(added.filter(({ special }) => special).map(({ id }) => id));
}

/** The special tokens before and after a text, as the tokenizer's template has them. */
function aroundTexts(tokenizer: Tokenizer, special: ReadonlySet<number>): { first: number[]; last: number[] } {
  const ids = [...tokenizer.encode("a").ids];
  const from = ids.findIndex((id) => !special.has(id));
  const to = ids.findLastIndex((id) => !special.has(id));
  return { first: ids.slice(0, from), last: ids.slice(to + 1) };
}

function maskOf(tokenizer: Tokenizer): { maskId: number; vocabularySize: number } {
  const maskId = ["[MASK]", "<mask>"].map((token) => tokenizer.tokenToId(token)).find((id) => id !== undefined);
  if (maskId !== undefined) return { maskId, vocabularySize: tokenizer.vocabularySize };
  const message =
    "The tokenizer has neither [MASK] nor <mask>, which a masked language model needs. Add one to its special tokens.";
  throw new SemspaceError("unsupported", message);
}
