/**
 * The shared half of every embedder: `createEmbedder` adds prompts, truncation, normalisation, precision, progress,
 * abort and streaming to a body that only turns texts into vectors. Order of work as in sentence-transformers 6.2:
 * prompt in front → tokens → vectors → cut to `truncateDim` → normalise → quantise. What differs from it: texts are
 * grouped by tokens instead of a number of texts, equal texts of a window are encoded once, a stream is accepted, and
 * token output refuses options it would ignore.
 */
import { SemspaceError } from "../errors.ts";
import { Matrix, type MatrixData, normalizeRows, quantize, similarity } from "../matrix/index.ts";
import { distinctTexts, spreadRows } from "./distinct.ts";
import type { Embedder, Encode, EncodeOptions, TokenVectors } from "./embedder.ts";
import { type Call, startCall } from "./encode-call.ts";
import type { ModelSettings, Task } from "./settings.ts";
import type { TextBody } from "./text-body.ts";
import { windowsOfArray, windowsOfStream } from "./windows.ts";

const arrayWindow = { texts: 16_384, characters: 4_000_000 };
const streamWindow = { texts: 2048, characters: 500_000 };

/** Makes an embedder of a body and its model's settings. */
export function createEmbedder(body: TextBody, settings: ModelSettings): Embedder {
  let disposed = false;
  const alive = (): void => {
    if (disposed) throw new SemspaceError("disposed", `The embedder ${body.name} was disposed. Load it again.`);
  };

  const encodeFor = (task: Task): Encode => {
    const encode = (input: unknown, options: EncodeOptions = {}): unknown => {
      const start = (total: number | undefined, texts: number): Call => {
        alive();
        options.signal?.throwIfAborted();
        return startCall(body, settings, { options, task, total, texts });
      };
      if (typeof input === "string") return encodeArray([input], () => start(1, 1)).then(first);
      if (Array.isArray(input)) return encodeArray(input as string[], () => start(input.length, input.length));
      if (isAsyncIterable(input)) return encodeStream(input, () => start(undefined, 0), alive);
      const got = input === null ? "null" : typeof input;
      return Promise.reject(
        new SemspaceError(
          "invalid-argument",
          `encode takes a string, an array of strings or an async iterable of strings, got ${got}.`,
        ),
      );
    };
    return encode as Encode;
  };

  return {
    name: body.name,
    dimensions: Math.min(settings.truncateDim, body.dimensions),
    encode: encodeFor(undefined),
    encodeQuery: encodeFor("query"),
    encodeDocument: encodeFor("document"),
    similarity: (a, b) => similarity(asMatrix(a), asMatrix(b), settings.similarity),
    async dispose() {
      if (!disposed) await body.dispose();
      disposed = true;
    },
  };
}

async function encodeArray(texts: readonly string[], start: () => Call): Promise<Matrix<MatrixData> | TokenVectors[]> {
  const call = start();
  if (call.output === "tokens") {
    const all: TokenVectors[] = [];
    for (const window of windowsOfArray(texts, arrayWindow)) all.push(...(await encodeTokens(window, call)));
    return all;
  }
  const codes = texts.length > 0 && call.precision !== "float32" && canQuantizeParts(call);
  const floats = codes ? undefined : new Float32Array(texts.length * call.columns);
  const parts: MatrixData[] = [];
  let row = 0;
  for (const window of windowsOfArray(texts, arrayWindow)) {
    const into = floats?.subarray(row * call.columns, (row + window.length) * call.columns);
    const vectors = await embedWindow(window, call, into);
    if (codes) parts.push(quantize(vectors, { precision: call.precision, ranges: call.ranges }).data);
    row += window.length;
  }
  if (floats) return finish(new Matrix(floats, texts.length, call.columns), call);
  return joinRows(parts, texts.length);
}

async function* encodeStream(
  texts: AsyncIterable<string>,
  start: () => Call,
  alive: () => void,
): AsyncGenerator<Matrix<MatrixData> | TokenVectors[], void, undefined> {
  const call = start();
  for await (const window of windowsOfStream(texts, streamWindow, call.signal)) {
    alive();
    yield call.output === "tokens" ? await encodeTokens(window, call) : finish(await embedWindow(window, call), call);
  }
}

/** Vectors of one window, cut and normalised: [texts, call.columns], in `into` when given. */
async function embedWindow(texts: readonly string[], call: Call, into?: Float32Array): Promise<Matrix> {
  const { body, columns, job } = call;
  const { texts: distinct, of } = distinctTexts(texts);
  const prompted = job.prompt === "" ? distinct : distinct.map((text) => job.prompt + text);
  const result = new Matrix(into ?? new Float32Array(texts.length * columns), texts.length, columns);
  const size = distinct.length * body.dimensions;
  const isCut = columns < body.dimensions;
  const whole = isCut ? new Float32Array(size) : result.data.subarray(0, size);
  await body.embed(prompted, whole, job);
  if (isCut || of) spreadRows(new Matrix(whole, distinct.length, body.dimensions), result, of);
  if (of) await job.advance(texts.length - distinct.length);
  if (call.normalize) normalizeRows(result);
  return result;
}

/** Every text by itself, repeats too: each result is its caller's own, free to be changed. */
async function encodeTokens(texts: readonly string[], { body, job }: Call): Promise<TokenVectors[]> {
  const prompted = job.prompt === "" ? texts : texts.map((text) => job.prompt + text);
  const all = await body.embedTokens!(prompted, job);
  const shift = job.prompt.length;
  if (shift > 0)
    for (const { offsets } of all)
      for (let i = 0; i < offsets.length; i += 1) offsets[i] = Math.max(0, offsets[i] - shift);
  return all;
}

function finish(vectors: Matrix, { precision, ranges }: Call): Matrix<MatrixData> {
  return precision === "float32" ? vectors : quantize(vectors, { precision, ranges });
}

/** Whether vectors can be quantised before all are there. */
function canQuantizeParts({ precision, ranges }: Call): boolean {
  return precision === "binary" || precision === "ubinary" || ranges !== undefined;
}

function joinRows(parts: readonly MatrixData[], rows: number): Matrix<MatrixData> {
  if (parts.length === 1) return new Matrix(parts[0], rows, parts[0].length / rows);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const data = new (parts[0].constructor as new (length: number) => MatrixData)(length);
  let position = 0;
  for (const part of parts) {
    data.set(part, position);
    position += part.length;
  }
  return new Matrix(data, rows, length / rows);
}

function first(all: Matrix<MatrixData> | TokenVectors[]): MatrixData | TokenVectors {
  return Array.isArray(all) ? all[0] : all.row(0);
}

function asMatrix(vectors: Matrix | Float32Array): Matrix {
  return vectors instanceof Matrix ? vectors : new Matrix(vectors, 1, vectors.length);
}

function isAsyncIterable(input: unknown): input is AsyncIterable<string> {
  return typeof input === "object" && input !== null && Symbol.asyncIterator in input;
}
