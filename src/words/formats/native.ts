/**
 * This package's own file of word vectors, one safetensors file: the table (see native-table.ts), `words` U8 (UTF-8, one after the other),
 * `wordEnds` I32 (where each ends); `counts` F64 where they are known. With n-grams a second table whose names begin with "ngram.",
 * `ngramBuckets` I32 (the bucket of each row, ascending) and in the metadata `ngrams`: shortest, longest, buckets, "zeros" or "none".
 */
import { SemspaceError, shown } from "../../errors.ts";
import { openSafetensors, type SafetensorsFile } from "../../formats/safetensors.ts";
import { writeSafetensors } from "../../formats/safetensors-writer.ts";
import { NgramTable } from "../tables/ngram-table.ts";
import { WordVectors } from "../word-vectors.ts";
import { readTable, tableTensors } from "./native-table.ts";
import type { ReadOptions } from "./text-vectors.ts";
import type { VectorFile } from "./vector-file.ts";

/** Throws `invalid-file`, or `mismatch` for a safetensors file without words and vectors. */
export async function readNative(file: VectorFile, { limit = Infinity }: ReadOptions = {}): Promise<WordVectors> {
  const bytes = await file.bytes();
  const source = {
    name: file.name,
    read: (_: string, range?: { offset: number; length: number }) =>
      Promise.resolve(range ? bytes.subarray(range.offset, range.offset + range.length) : bytes),
    size: () => Promise.resolve(bytes.length),
  };
  const tensors = await openSafetensors(source, "word vectors");
  const words = await readWords(tensors, limit);
  const table = await readTable(tensors, words.length);
  const counts = tensors.tensors.has("counts")
    ? float64(await tensors.readBytes("counts")).subarray(0, words.length)
    : undefined;
  return new WordVectors(words, table, { counts, subwords: await readNgrams(tensors) });
}

async function readWords(tensors: SafetensorsFile, limit: number): Promise<string[]> {
  const [bytes, ends] = [await tensors.readBytes("words"), await tensors.readInt32("wordEnds")];
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const words: string[] = [];
  let start = 0;
  for (const end of ends.subarray(0, limit)) {
    if (end < start || end > bytes.length) {
      throw new SemspaceError(
        "invalid-file",
        `${tensors.name}: word ${words.length + 1} ends at byte ${end} of ${bytes.length}.`,
      );
    }
    words.push(decoder.decode(bytes.subarray(start, end)));
    start = end;
  }
  return words;
}

/** The n-grams, where the file has them. Throws `invalid-file` for settings that cannot be. */
async function readNgrams(tensors: SafetensorsFile): Promise<NgramTable | undefined> {
  const settings = tensors.metadata.get("ngrams");
  if (settings === undefined) return undefined;
  const used = await tensors.readInt32("ngramBuckets");
  const table = await readTable(tensors, used.length, "ngram.");
  const [minN, maxN, buckets, unused] = settings.split(" ");
  if (!/^\d+ \d+ \d+ (zeros|none)$/.test(settings) || !(Number(buckets) <= 2 ** 31)) {
    const message = `${tensors.name} has n-grams of ${shown(settings)}; "minN maxN buckets zeros" or "… none" is needed.`;
    throw new SemspaceError("invalid-file", message);
  }
  return new NgramTable({
    ...{ table, used, rows: used.map((_, i) => i), unused: unused as "zeros" | "none" },
    ...{ minN: Number(minN), maxN: Number(maxN), buckets: Number(buckets) },
  });
}

/** The bytes of the file. */
export function nativeBytes(vectors: WordVectors): Uint8Array {
  const { table, words, counts, subwords } = vectors;
  const encoder = new TextEncoder();
  const encoded = words.map((word) => encoder.encode(word));
  const wordEnds = new Int32Array(words.length);
  let length = 0;
  for (const [i, word] of encoded.entries()) wordEnds[i] = length += word.length;
  const text = new Uint8Array(length);
  for (const [i, word] of encoded.entries()) text.set(word, wordEnds[i] - word.length);
  const ngrams = subwords instanceof NgramTable ? subwords.compact().parts : undefined;
  return writeSafetensors(
    {
      ...tableTensors(table),
      words: { dtype: "U8", shape: [length], data: text },
      wordEnds: { dtype: "I32", shape: [words.length], data: wordEnds },
      ...(counts && { counts: { dtype: "F64" as const, shape: [words.length], data: Float64Array.from(counts) } }),
      ...(ngrams && {
        ...tableTensors(ngrams.table, "ngram."),
        ngramBuckets: { dtype: "I32" as const, shape: [ngrams.used.length], data: ngrams.used },
      }),
    },
    {
      format: "semspace word vectors 1",
      ...(ngrams && { ngrams: `${ngrams.minN} ${ngrams.maxN} ${ngrams.buckets} ${ngrams.unused}` }),
    },
  );
}

function float64(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.slice().buffer);
}
