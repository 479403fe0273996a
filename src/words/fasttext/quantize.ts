/**
 * Makes a fastText model small (Joulin et al. 2016, "FastText.zip"): rows of small length are left out, the others become codes of
 * a product quantiser, and the rest may be trained further first.
 *
 * What differs from the original: models of word vectors are quantised too (all words stay, n-grams are left out), buckets that the
 * training never used are always left out, and the output may have fewer than 256 rows.
 */
import { SemspaceError, wholeNumber } from "../../errors.ts";
import type { CorpusSource } from "../../formats/corpus-source.ts";
import { dictionaryOf, END_OF_LINE, type FastTextDictionary } from "./dictionary.ts";
import { encodeTexts } from "./encode-texts.ts";
import type { FastTextParts } from "./fasttext-model.ts";
import { ProductTable } from "../tables/product-table.ts";
import { DenseTable, type ModelTable } from "./table.ts";
import { StoredRows } from "./stored-rows.ts";
import { trainLanes } from "./train-lanes.ts";
import { classifierRun } from "./training-options.ts";
import { startAtMatrices } from "./training-start.ts";

export interface QuantizeOptions {
  /** Rows of the input that stay, those of the largest length. Default: all in use. */
  cutoff?: number;
  /** Keeps the length of each row apart, which costs a byte and loses less. Default false. */
  normalize?: boolean;
  /** Quantises the output matrix too. Default false. */
  output?: boolean;
  /** Numbers that share a code. Default 2. */
  pieceLength?: number;
  /** Trains a classifier further on what is left of it, on the text it was trained on. */
  retrain?: { corpus: CorpusSource; epochs?: number; learningRate?: number; threads?: number; signal?: AbortSignal };
  seed?: number;
}

/** Throws `unsupported` for a model that is quantised, `invalid-argument` for a cutoff that leaves no word. */
export async function quantizeParts(parts: FastTextParts, options: QuantizeOptions = {}): Promise<FastTextParts> {
  const { normalize = false, output = false, seed = 1234 } = options;
  if (parts.input instanceof ProductTable) {
    throw new SemspaceError("unsupported", "This fastText model is quantised already.");
  }
  const pieceLength = wholeNumber("pieceLength", options.pieceLength ?? 2, 1);
  const { dimensions, kind } = parts.settings;
  if (pieceLength > dimensions) {
    throw new SemspaceError(
      "invalid-argument",
      `pieceLength is ${pieceLength}, the vectors have ${dimensions} dimensions.`,
    );
  }
  if (options.retrain && kind !== "supervised") {
    throw new SemspaceError("unsupported", "Only a classifier is trained further; leave retrain out.");
  }
  const { dictionary, rows } = prune(parts, options.cutoff);
  let left = { input: gather(parts.input, rows), output: gather(parts.output) };
  if (options.retrain) left = await retrain({ ...parts, dictionary }, { left, ...options.retrain });
  const input = ProductTable.from(left.input, dimensions, { pieceLength, normalize, seed });
  return {
    ...{ settings: parts.settings, dictionary, input },
    output: output
      ? ProductTable.from(left.output, dimensions, { normalize, seed })
      : new DenseTable(left.output, dimensions),
  };
}

/** Which rows stay, words first, and the dictionary that says so. */
function prune(parts: FastTextParts, cutoff: number | undefined): { dictionary: FastTextDictionary; rows: number[] } {
  const { dictionary, input } = parts;
  const words = dictionary.wordCount;
  const used = Array.from({ length: input.rows }, (_, row) => row).filter(
    (row) => row < words || !(input instanceof DenseTable) || input.isStored(row),
  );
  const cut = cutoff !== undefined && wholeNumber("cutoff", cutoff, 1) < used.length;
  if (!cut && used.length === input.rows) return { dictionary, rows: used };
  const kept = cut ? largest(parts, used, cutoff) : used;
  const keptWords = kept.filter((row) => row < words).toSorted((a, b) => a - b);
  const ngrams = kept.filter((row) => row >= words);
  if (keptWords.length === 0)
    throw new SemspaceError("invalid-argument", `A cutoff of ${cutoff} leaves no word. Use a larger one.`);
  const rowOf = new Map(ngrams.map((row, i) => [row - words, i]));
  return { dictionary: withWords(dictionary, keptWords, rowOf), rows: [...keptWords, ...ngrams] };
}

/** The end of the line first, then rows by falling length; a model of word vectors keeps all its words. */
function largest({ dictionary, input, settings }: FastTextParts, used: readonly number[], cutoff: number): number[] {
  const endOfLine = dictionary.indexOf(new TextEncoder().encode(END_OF_LINE));
  const words = dictionary.wordCount;
  if (settings.kind !== "supervised" && cutoff < words) {
    throw new SemspaceError("invalid-argument", `The cutoff ${cutoff} is below the ${words} words, all of which stay.`);
  }
  const lengths = new Float64Array(input.rows);
  for (const row of used) {
    const vector = input.row(row);
    lengths[row] =
      row === endOfLine || (settings.kind !== "supervised" && row < words) ? Infinity : Math.hypot(...vector);
  }
  return used.toSorted((a, b) => lengths[b] - lengths[a] || a - b).slice(0, cutoff);
}

function withWords(
  dictionary: FastTextDictionary,
  words: readonly number[],
  kept: Map<number, number>,
): FastTextDictionary {
  const labels = Array.from({ length: dictionary.labelCount }, (_, i) => dictionary.wordCount + i);
  const entries = [...words, ...labels].map((id) => ({
    text: dictionary.bytes(id),
    count: dictionary.parts.counts[id],
  }));
  return dictionaryOf(entries, { words: words.length, tokens: dictionary.parts.tokens, kept });
}

function gather(table: ModelTable, rows?: readonly number[]): Float32Array {
  const count = rows?.length ?? table.rows;
  const data = new Float32Array(count * table.columns);
  for (let i = 0; i < count; i += 1) data.set(table.row(rows ? rows[i] : i), i * table.columns);
  return data;
}

type Matrices = { input: Float32Array; output: Float32Array };

async function retrain(
  { settings, dictionary }: FastTextParts,
  { left, corpus: source, ...options }: { left: Matrices } & NonNullable<QuantizeOptions["retrain"]>,
): Promise<Matrices> {
  const run = classifierRun(options);
  const buckets = dictionary.parts.kept?.size ?? settings.buckets;
  const count = () => ({ dictionary, rows: StoredRows.all(dictionary.wordCount, buckets) });
  const texts = await encodeTexts(source, { settings, count, signal: run.signal });
  try {
    const further = { ...run, settings: { ...settings, epochs: run.settings.epochs } };
    const start = startAtMatrices(left, settings.dimensions);
    const tables = { outputCounts: dictionary.parts.counts.slice(dictionary.wordCount) };
    const { input, output } = await trainLanes(further, { ...texts, start, tables });
    return { input: input.data, output: output.data };
  } finally {
    await texts.dispose();
  }
}
