/** Where everything lies in the memory that the lanes of a fastText training share; assembly/fasttext.ts names the parameters. */
import { aliasTable } from "../corpus/sampling.ts";
import { huffmanTree } from "../training/huffman-tree.ts";
import { MemoryPlaces } from "../training/memory-places.ts";
import { huffmanPaths } from "./huffman-paths.ts";
import { type FastTextSettings, lossCodes } from "./settings.ts";

const PARAMETERS = 128;
const GROUP = 96;
/** fastText draws negatives by the square root of their count. */
const NEGATIVE_EXPONENT = 0.5;

/** What the kernel needs beside the settings. */
export interface TrainingTables {
  /** Rows of the input that are stored: words, then the buckets in use. */
  inputRows: number;
  /** How often each output (word or label) occurs, most frequent first. */
  outputCounts: Float64Array;
  /** For word vectors: which of its words stay (32-bit thresholds), and the rows of each word. */
  words?: { keep: Uint32Array; starts: Uint32Array; rows: Uint32Array };
  /** Ids that a lane gets at once, at most. */
  longestBlock: number;
  /** CBOW's error is divided among the words of the context. */
  divide: boolean;
  lanes: number;
}

/** Byte addresses. */
export interface TrainingLayout {
  rowBytes: number;
  input: number;
  output: number;
  lanes: readonly { parameters: number; ids: number; labels: number }[];
  bytes: number;
}

/** Lays the memory out; `fill` writes tables and parameters into it, the matrices are left as they are. */
export function trainingLayout(
  settings: FastTextSettings,
  tables: TrainingTables,
): { layout: TrainingLayout; fill: (memory: WebAssembly.Memory) => void } {
  const { window, negative, loss, dimensions } = settings;
  const outputs = tables.outputCounts.length;
  const places = new MemoryPlaces();
  const place = (bytes: number): number => places.take(bytes);
  const written: [at: number, values: Uint32Array | Int32Array][] = [];
  const placed = (values: Uint32Array | Int32Array | undefined): number => {
    if (!values) return 0;
    const at = place(values.byteLength);
    written.push([at, values]);
    return at;
  };
  const rowBytes = Math.ceil(dimensions / 4) * 16;
  const input = place(tables.inputRows * rowBytes);
  const output = place(outputs * rowBytes);
  const paths = loss === "hs" ? huffmanPaths(huffmanTree(tables.outputCounts)) : undefined;
  const common = {
    keep: placed(tables.words?.keep),
    alias: placed(loss === "ns" ? aliasTable(tables.outputCounts, NEGATIVE_EXPONENT) : undefined),
    starts: placed(tables.words?.starts),
    rows: placed(tables.words?.rows),
    paths: placed(paths?.starts),
    steps: placed(paths?.steps),
  };
  const targets = Math.max(1 + negative, paths ? longestPath(paths.starts) : 0, 6);
  const lanes = Array.from({ length: tables.lanes }, () => ({
    parameters: place(PARAMETERS),
    ids: place(tables.longestBlock * 4),
    labels: place(outputs * 4),
    kept: place(tables.longestBlock * 4),
    contexts: place(window * 8 + 4),
    groups: place(Math.ceil(targets / 6) * GROUP),
    hidden: place(rowBytes),
    error: place(rowBytes),
    nothing: place(rowBytes),
    ring: place((2 * window + 2) * 2 * rowBytes),
    scores: place((outputs + 4) * 4),
  }));
  const fill = (memory: WebAssembly.Memory): void => {
    for (const [at, values] of written) new Uint32Array(memory.buffer, at, values.length).set(values);
    for (const lane of lanes) {
      new Uint32Array(memory.buffer, lane.parameters, PARAMETERS / 4).set([
        ...[input, output, rowBytes, common.keep, common.alias, outputs, negative, window, common.starts, common.rows],
        ...[common.paths, common.steps, lossCodes.indexOf(loss) + 1, lane.kept, lane.contexts, lane.groups],
        ...[lane.hidden, lane.error, lane.ring, lane.scores, lane.nothing, Number(tables.divide)],
      ]);
    }
  };
  return { layout: { rowBytes, input, output, lanes, bytes: places.bytes }, fill };
}

/** What the kernel has left in a lane's parameters: the sum of the losses in nats, and of how many examples. */
export function readLoss(memory: WebAssembly.Memory, parameters: number): { loss: number; losses: number } {
  const view = new DataView(memory.buffer, parameters, PARAMETERS);
  const loss = -(Math.log(view.getFloat64(96, true)) + view.getInt32(104, true) * Math.LN2);
  return { loss, losses: view.getInt32(112, true) };
}

/** Fills a matrix with even random numbers within ±1 / dimensions, the padding of its rows with zeros. */
export function fillRandom(
  memory: WebAssembly.Memory,
  address: number,
  { rows, dimensions, seed }: { rows: number; dimensions: number; seed: number },
): void {
  const stride = Math.ceil(dimensions / 4) * 4;
  const values = new Float32Array(memory.buffer, address, rows * stride);
  let state = Math.imul(seed + 1, 0x9e3779b9) | 1;
  for (let i = 0; i < rows; i += 1) {
    for (let k = i * stride, end = k + dimensions; k < end; k += 1) {
      // xorshift32 (Marsaglia 2003)
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      values[k] = state / 0x80000000 / dimensions;
    }
  }
}

function longestPath(starts: Int32Array): number {
  let longest = 0;
  for (let i = 1; i < starts.length; i += 1) longest = Math.max(longest, starts[i] - starts[i - 1]);
  return longest;
}
