/**
 * Reads fastText's model files: `.bin` and quantised `.ftz`, versions 11 and 12, and the form before them that has no magic.
 * Reference: FastText::loadModel, Dictionary::load, QuantMatrix::load of facebookresearch/fastText; gensim for the old form.
 * Differs: every count is checked against the bytes that are left before anything is allocated.
 */
import { SemspaceError } from "../../errors.ts";
import { ByteReader } from "./byte-reader.ts";
import { FastTextDictionary } from "./dictionary.ts";
import { FastTextModel, type FastTextParts } from "./fasttext-model.ts";
import { CENTROIDS, ProductQuantizer } from "../../matrix/index.ts";
import { ProductTable } from "../tables/product-table.ts";
import { type FastTextSettings, kindCodes, LABEL_PREFIX, lossCodes } from "./settings.ts";
import { DenseTable } from "./table.ts";

export const MAGIC = 793712314;
export const VERSION = 12;
const HEADER = 128;
/** Longest word that is read, in bytes. */
const LONGEST_WORD = 1 << 16;
/** A word of one entry takes at least its end, its count and its type. */
const SMALLEST_ENTRY = 10;

/**
 * Reads a model, or a checkpoint of a training, from a path (in a browser a URL) or from bytes. Throws `missing-file`, `invalid-file` for what is broken,
 * `unsupported` for a later version.
 *
 * @example
 * const model = await loadFastText("lid.176.ftz");
 * model.predict("Wo ist der Bahnhof?"); // [{ label: "__label__de", probability: 0.99 }]
 */
export async function loadFastText(source: string | Uint8Array): Promise<FastTextModel> {
  const reader = await ByteReader.open(source);
  try {
    await reader.prepare(HEADER);
    if (reader.startsAs(isCheckpoint)) {
      const { readState } = await import("./fasttext-state.ts");
      return new FastTextModel((await readState(source)).parts);
    }
    const { settings, dictionary, old } = await readHead(reader);
    const quantized = !old && (await flag(reader, "the input's kind"));
    const input = await (quantized ? readQuantized : readDense)(reader, "the input matrix");
    if (!quantized && dictionary.parts.kept) {
      const message = `${reader.name} is pruned but not quantised, which fastText itself no longer reads (its issue 332). Fetch a newer one.`;
      throw new SemspaceError("unsupported", message);
    }
    const quantizedOutput = (old ? false : await flag(reader, "the output's kind")) && quantized;
    const output = await (quantizedOutput ? readQuantized : readDense)(reader, "the output matrix");
    checkShapes(reader, { settings, dictionary, input, output });
    return new FastTextModel({ settings, dictionary, input, output });
  } finally {
    await reader.close();
  }
}

/** What stands before the matrices. */
export async function readHead(
  reader: ByteReader,
): Promise<{ settings: FastTextSettings; dictionary: FastTextDictionary; old: boolean }> {
  await reader.prepare(HEADER);
  const { settings, old } = readSettings(reader);
  return { settings, dictionary: await readDictionary(reader, { old, buckets: settings.buckets }), old };
}

/** A checkpoint begins with a length below 2^32, then JSON. */
function isCheckpoint(bytes: Uint8Array): boolean {
  return bytes.length > 8 && bytes.subarray(4, 8).every((byte) => byte === 0) && bytes[8] === 0x7b;
}

function readSettings(reader: ByteReader): { settings: FastTextSettings; old: boolean } {
  const first = reader.int32("the first number");
  const old = first !== MAGIC;
  const version = old ? 0 : reader.int32("the version");
  if (version > VERSION) {
    const message = `${reader.name} is of fastText's version ${version}; up to ${VERSION} is read. Save it with fastText 0.9.`;
    throw new SemspaceError("unsupported", message);
  }
  const whole = (what: string, least: number): number => {
    const value = reader.int32(what);
    if (value < least) throw reader.broken(`${what} is ${value}`);
    return value;
  };
  const dimensions = old ? first : whole("the number of dimensions", 1);
  if (dimensions < 1 || dimensions > 1_000_000) throw reader.broken(`it begins with ${dimensions}`);
  const window = whole("ws", 0);
  const epochs = whole("epoch", 0);
  const minCount = whole("minCount", 0);
  const negative = whole("neg", 0);
  const wordNgrams = whole("wordNgrams", 0);
  const loss = lossCodes[reader.int32("loss") - 1];
  const kind = kindCodes[reader.int32("model") - 1];
  if (!loss || !kind) throw reader.broken("its loss or its model is none that fastText has");
  const buckets = whole("bucket", 0);
  const minN = whole("minn", 0);
  const maxN = whole("maxn", 0);
  const learningRateUpdate = reader.int32("lrUpdateRate");
  const sample = reader.float64("t");
  const settings = {
    ...{ kind, loss, dimensions, window, epochs, minCount, negative, wordNgrams, buckets, minN },
    // Supervised models of version 11 have no character n-grams whatever they say.
    ...{
      maxN: version === 11 && kind === "supervised" ? 0 : maxN,
      learningRateUpdate,
      sample,
      labelPrefix: LABEL_PREFIX,
    },
  };
  return { settings, old };
}

async function readDictionary(
  reader: ByteReader,
  { old, buckets }: { old: boolean; buckets: number },
): Promise<FastTextDictionary> {
  await reader.prepare(HEADER);
  const size = reader.int32("the number of entries");
  const words = reader.int32("the number of words");
  const labels = reader.int32("the number of labels");
  const tokens = reader.int64("the number of tokens");
  const pruned = old ? -1 : reader.int64("the number of pruned n-grams");
  if (size < 1 || words < 0 || labels < 0 || words + labels !== size) {
    throw reader.broken(`its dictionary has ${size} entries, ${words} of them words and ${labels} labels`);
  }
  reader.need(size * SMALLEST_ENTRY, `a dictionary of ${size} entries`);
  const starts = new Float64Array(size + 1);
  const counts = new Float64Array(size);
  const parts: Uint8Array[] = [];
  let labelled = 0;
  for (let id = 0; id < size; id += 1) {
    const bytes = await readWord(reader, id);
    parts.push(bytes);
    starts[id + 1] = starts[id] + bytes.length;
    await reader.prepare(9);
    counts[id] = reader.int64(`the count of word ${id}`);
    const type = reader.uint8(`the type of word ${id}`);
    if (type > 1 || counts[id] < 0) throw reader.broken(`word ${id} has type ${type} and count ${counts[id]}`);
    if (type === 0 && labelled > 0) throw reader.broken(`word ${id} stands among the labels`);
    labelled += type;
  }
  if (labelled !== labels) throw reader.broken(`it has ${labelled} labels and promises ${labels}`);
  const bytes = new Uint8Array(starts[size]);
  for (const [id, part] of parts.entries()) bytes.set(part, starts[id]);
  const kept = pruned < 0 ? undefined : await readKept(reader, pruned, buckets);
  return new FastTextDictionary({ bytes, starts, counts, words, tokens, kept });
}

async function readWord(reader: ByteReader, id: number): Promise<Uint8Array> {
  for (let ready = 256; ; ready *= 4) {
    await reader.prepare(ready);
    const bytes = reader.untilZero();
    if (bytes) return bytes.slice();
    if (ready > LONGEST_WORD || ready >= reader.left) throw reader.broken(`word ${id} has no end`);
  }
}

async function readKept(reader: ByteReader, count: number, buckets: number): Promise<Map<number, number>> {
  reader.need(count * 8, `a list of ${count} n-grams`);
  const kept = new Map<number, number>();
  for (let i = 0; i < count; i += 1) {
    if (i % 4096 === 0) await reader.prepare(8 * 4096);
    const bucket = reader.int32("an n-gram's bucket");
    const row = reader.int32("an n-gram's row");
    if (bucket < 0 || bucket >= buckets || row < 0)
      throw reader.broken(`n-gram ${i} is bucket ${bucket} in row ${row}`);
    kept.set(bucket, row);
  }
  return kept;
}

async function flag(reader: ByteReader, what: string): Promise<boolean> {
  await reader.prepare(1);
  const value = reader.uint8(what);
  if (value > 1) throw reader.broken(`${what} is ${value}, not 0 or 1`);
  return value === 1;
}

async function readDense(reader: ByteReader, what: string): Promise<DenseTable> {
  await reader.prepare(16);
  const rows = reader.int64(`the rows of ${what}`);
  const columns = reader.int64(`the columns of ${what}`);
  if (rows < 0 || columns < 1) throw reader.broken(`${what} is ${rows} x ${columns}`);
  reader.need(rows * columns * 4, `${what} of ${rows} x ${columns}`);
  return new DenseTable(await floats(reader, rows * columns, what), columns);
}

async function readQuantized(reader: ByteReader, what: string): Promise<ProductTable> {
  const normalized = await flag(reader, `whether ${what} has norms`);
  await reader.prepare(20);
  const rows = reader.int64(`the rows of ${what}`);
  const columns = reader.int64(`the columns of ${what}`);
  const size = reader.int32(`the bytes of ${what}`);
  if (rows < 0 || columns < 1 || size < 0) throw reader.broken(`${what} is ${rows} x ${columns} in ${size} bytes`);
  reader.need(size, `${what}'s codes`);
  const codes = new Uint8Array(size);
  await reader.readInto(codes, `${what}'s codes`);
  const quantizer = await readQuantizer(reader, columns, what);
  if (quantizer.pieces * rows !== size) {
    throw reader.broken(`${what} has ${size} bytes of codes, ${rows} rows of ${quantizer.pieces} are needed`);
  }
  if (!normalized) return new ProductTable(codes, quantizer);
  reader.need(rows, `${what}'s norms`);
  const normCodes = new Uint8Array(rows);
  await reader.readInto(normCodes, `${what}'s norms`);
  return new ProductTable(codes, quantizer, { codes: normCodes, quantizer: await readQuantizer(reader, 1, what) });
}

async function readQuantizer(reader: ByteReader, columns: number, what: string): Promise<ProductQuantizer> {
  await reader.prepare(16);
  const [dimensions, pieces, length, last] = ["dim", "nsubq", "dsub", "lastdsub"].map((name) =>
    reader.int32(`${name} of ${what}`),
  );
  const right =
    dimensions === columns &&
    length > 0 &&
    pieces === Math.ceil(columns / length) &&
    last === (columns % length || length);
  if (!right)
    throw reader.broken(`${what}'s quantiser cuts ${dimensions} numbers into ${pieces} of ${length} and ${last}`);
  reader.need(columns * CENTROIDS * 4, `${what}'s centroids`);
  return new ProductQuantizer(columns, length, await floats(reader, columns * CENTROIDS, `${what}'s centroids`));
}

async function floats(reader: ByteReader, count: number, what: string): Promise<Float32Array> {
  const values = new Float32Array(count);
  await reader.readInto(new Uint8Array(values.buffer), what);
  return values;
}

/** Every row that a text can ask for must be there. */
function checkShapes(reader: ByteReader, { settings, dictionary, input, output }: FastTextParts): void {
  const { dimensions, kind, maxN, wordNgrams, buckets } = settings;
  if (input.columns !== dimensions || output.columns !== dimensions) {
    throw reader.broken(
      `its matrices have ${input.columns} and ${output.columns} columns, its header says ${dimensions}`,
    );
  }
  const { kept } = dictionary.parts;
  let behind = maxN > 0 || wordNgrams > 1 ? buckets : 0;
  if (kept) {
    behind = 0;
    for (const row of kept.values()) behind = Math.max(behind, row + 1);
  }
  const needed = dictionary.wordCount + behind;
  const outputs = kind === "supervised" ? dictionary.labelCount : dictionary.wordCount;
  if (input.rows < needed) throw reader.broken(`its input has ${input.rows} rows, ${needed} are needed`);
  if (output.rows < outputs) throw reader.broken(`its output has ${output.rows} rows, ${outputs} are needed`);
}
