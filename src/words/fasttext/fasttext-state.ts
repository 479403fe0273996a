/**
 * All that a fastText training has learned so far, and its file: safetensors with the rows in use, and with what stands in a
 * model's file before its matrices.
 */
import { SemspaceError } from "../../errors.ts";
import { checkSameSettings, openStateFile, stateFileBytes } from "../training/state-file.ts";
import { ByteReader } from "./byte-reader.ts";
import type { FastTextDictionary } from "./dictionary.ts";
import type { FastTextParts } from "./fasttext-model.ts";
import { readHead } from "./read-model.ts";
import { DenseTable } from "./table.ts";
import type { FastTextRun } from "./training-options.ts";
import { headBytes } from "./write-model.ts";

export interface FastTextState {
  /** The model as it is now; only its rows in use are stored. */
  parts: FastTextParts & { readonly input: DenseTable; readonly output: DenseTable };
  /** All settings, by their names. */
  settings: object;
  /** Epochs that have been trained. */
  epochs: number;
  /** Mean loss of each of them. */
  losses: readonly number[];
}

/** The settings on which the outcome of a training depends. */
export function settingsOf({ settings, learningRate, seed, cbowGradient }: FastTextRun): object {
  return { ...settings, learningRate, seed, cbowGradient };
}

export function stateBytes({ parts, settings, epochs, losses }: FastTextState): Uint8Array {
  const { input, output, dictionary } = parts;
  const head = joined([...headBytes(parts)]);
  const buckets = bucketsOf(input, dictionary);
  return stateFileBytes(
    "fastText",
    {
      input: { dtype: "F32", shape: [input.data.length / input.columns, input.columns], data: input.data },
      output: { dtype: "F32", shape: [output.rows, output.columns], data: output.data },
      buckets: { dtype: "I32", shape: [buckets.length], data: buckets },
      head: { dtype: "U8", shape: [head.length], data: head },
    },
    { settings, epochs, losses },
  );
}

/** Reads what {@link stateBytes} gave. Throws `invalid-file` for anything else. */
export async function readState(source: string | Uint8Array): Promise<FastTextState> {
  const file = await openStateFile(source, "fastText");
  const { name, epochs, losses } = file;
  const head = await readHead(await ByteReader.open(await file.bytes("head")));
  const { dictionary } = head;
  const settings = { ...head.settings, ...file.settings } as FastTextParts["settings"];
  const { labelPrefix, dimensions, kind } = settings;
  // Told twice in the file, so that what is damaged is found before it is believed.
  const same = Object.entries({ ...head.settings, labelPrefix }).every(
    ([key, value]) => settings[key as "loss"] === value,
  );
  if (!same || typeof labelPrefix !== "string" || labelPrefix === "" || dictionary.parts.kept) {
    throw new SemspaceError("invalid-file", `${name} does not agree with itself about its settings. It is damaged.`);
  }
  const buckets = await file.int32("buckets");
  const storedRow = new Int32Array(dictionary.wordCount + head.settings.buckets).fill(-1);
  for (let id = 0; id < dictionary.wordCount; id += 1) storedRow[id] = id;
  for (const [i, bucket] of buckets.entries()) {
    const row = dictionary.wordCount + bucket;
    if (bucket < 0 || row >= storedRow.length || storedRow[row] >= 0)
      throw new SemspaceError("invalid-file", `${name}: bucket ${bucket} cannot be or comes twice. It is damaged.`);
    storedRow[row] = dictionary.wordCount + i;
  }
  const outputs = kind === "supervised" ? dictionary.labelCount : dictionary.wordCount;
  const input = await file.float32("input", (dictionary.wordCount + buckets.length) * dimensions);
  const output = await file.float32("output", outputs * dimensions);
  const tables = { input: new DenseTable(input, dimensions, storedRow), output: new DenseTable(output, dimensions) };
  const parts = { settings: { ...head.settings, labelPrefix }, dictionary, ...tables, losses };
  return { parts, settings: file.settings, epochs, losses };
}

/** Reads the state to go on from, if there is one. Throws `mismatch` when it was made with other settings. */
export async function resumedState(run: FastTextRun): Promise<FastTextState | undefined> {
  if (run.resume === undefined) return undefined;
  const state = await readState(run.resume);
  checkSameSettings(state.settings, settingsOf(run));
  return state;
}

/** Throws `mismatch` when a checkpoint is of another corpus. */
export function checkSameCorpus(
  { parts }: FastTextState,
  now: { dictionary: FastTextDictionary; storedRow: Int32Array },
): void {
  const [before, after] = [parts.dictionary.parts, now.dictionary.parts];
  const same =
    before.words === after.words &&
    before.tokens === after.tokens &&
    equal(before.counts, after.counts) &&
    equal(before.starts, after.starts) &&
    equal(before.bytes, after.bytes);
  if (same && equal(parts.input.storedRow!, now.storedRow)) return;
  const message = `The checkpoint's ${before.words} words are not this corpus's ${after.words}, or occur differently often. Resume with the same corpus, or load the checkpoint with loadFastText and use train() to go on with another.`;
  throw new SemspaceError("mismatch", message);
}

/** The bucket of each stored row behind the words. */
function bucketsOf({ storedRow }: DenseTable, { wordCount }: FastTextDictionary): Int32Array {
  const buckets: number[] = [];
  for (let row = wordCount; row < storedRow!.length; row += 1) {
    if (storedRow![row] >= 0) buckets[storedRow![row] - wordCount] = row - wordCount;
  }
  return Int32Array.from(buckets);
}

function equal(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
