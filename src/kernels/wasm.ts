/**
 * The kernels in WASM SIMD. Each table has its own plain memory, which holds, in this order: the rows, `rowOf`, `weightOf`,
 * the scratch pairs, then a working area for one batch (ids, starts, means) that grows when a batch needs more.
 */
import { SemspaceError } from "../errors.ts";
import { bytesOfBase64 } from "./base64.ts";
import type { EmbeddingTable, MeanOptions, TableParts, TokenRanges } from "./kernels.ts";
import { disposedTable } from "./reference.ts";
import { wasmCode } from "./wasm-code.ts";

const PAGE = 65_536;
const LARGEST_MEMORY = 65_536 * PAGE;
/** 1,024 pairs of 8 bytes, as assembly/mean-rows.ts gathers them. */
const SCRATCH = 8192;
/** A batch's means are cut into pieces of at most this many bytes, so that the working area stays in the cache. */
const PIECE = 1 << 20;
const ROOM_FOR_BATCHES = 64 << 20;

type MeanRows = (
  ...places: [
    table: number,
    rowOf: number,
    weightOf: number,
    ids: number,
    starts: number,
    texts: number,
    dimensions: number,
    skip: number,
    normalize: number,
    scratch: number,
    out: number,
  ]
) => void;

/** Whether this runtime has WASM SIMD and the table leaves room for batches below 4 GB. */
export function wasmFits(parts: TableParts): boolean {
  return bytesOf(parts) + ROOM_FOR_BATCHES < LARGEST_MEMORY && WebAssembly.validate(bytesOfBase64(wasmCode));
}

/** Copies the parts into a WASM memory of their own. Throws `unavailable` when the memory cannot be had. */
export async function createWasmTable(parts: TableParts): Promise<EmbeddingTable> {
  const bytes = bytesOf(parts);
  const memory = allocate(bytes);
  const { instance } = await WebAssembly.instantiate(bytesOfBase64(wasmCode), { env: { memory } });
  const { meanRowsInt8, meanRowsFloat32 } = instance.exports as Record<string, MeanRows>;
  const kernel = parts.rows instanceof Int8Array ? meanRowsInt8 : meanRowsFloat32;
  let top = 16; // address 0 means "none" to the kernels
  const place = (part: ArrayBufferView | undefined): number => {
    if (!part) return 0;
    const at = top;
    new Uint8Array(memory.buffer).set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    top = align(at + part.byteLength);
    return at;
  };
  const places = { table: place(parts.rows), rowOf: place(parts.rowOf), weightOf: place(parts.weightOf) };
  return new WasmTable({ memory, kernel, ...places, scratch: top, dimensions: parts.dimensions });
}

interface TableInMemory {
  memory: WebAssembly.Memory;
  kernel: MeanRows;
  table: number;
  rowOf: number;
  weightOf: number;
  scratch: number;
  dimensions: number;
}

class WasmTable implements EmbeddingTable {
  #state: TableInMemory | undefined;

  constructor(state: TableInMemory) {
    this.#state = state;
  }

  meanRows(texts: TokenRanges, out: Float32Array, { skip = -1, normalize = false }: MeanOptions = {}): void {
    if (!this.#state) throw disposedTable();
    const { memory, kernel, table, rowOf, weightOf, scratch, dimensions } = this.#state;
    const count = texts.starts.length - 1;
    const step = Math.max(1, Math.floor(PIECE / (dimensions * 4)));
    for (let from = 0; from < count; from += step) {
      const to = Math.min(count, from + step);
      const first = texts.starts[from];
      const ids = texts.ids.subarray(first, texts.starts[to]);
      const values = (to - from) * dimensions;
      const starts = align(scratch + SCRATCH);
      const means = align(starts + (to - from + 1) * 4);
      const idsAt = align(means + values * 4);
      reserve(memory, idsAt + ids.byteLength);
      const numbers = new Int32Array(memory.buffer);
      for (let i = from; i <= to; i += 1) numbers[(starts >> 2) + i - from] = texts.starts[i] - first;
      numbers.set(ids, idsAt >>> 2);
      kernel(table, rowOf, weightOf, idsAt, starts, to - from, dimensions, skip, Number(normalize), scratch, means);
      out.set(new Float32Array(memory.buffer, means, values), from * dimensions);
    }
  }

  /** The memory is given back when nothing else holds it. */
  dispose(): void {
    this.#state = undefined;
  }
}

function bytesOf({ rows, rowOf, weightOf }: TableParts): number {
  return align(16 + rows.byteLength) + align(rowOf?.byteLength ?? 0) + align(weightOf?.byteLength ?? 0) + SCRATCH;
}

function allocate(bytes: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) + 1, maximum: LARGEST_MEMORY / PAGE });
  } catch (cause) {
    throw new SemspaceError("unavailable", `No memory for an embedding table of ${bytes} bytes. Use a smaller model.`, {
      cause,
    });
  }
}

function reserve(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing <= 0) return;
  try {
    memory.grow(Math.ceil(missing / PAGE));
  } catch (cause) {
    throw new SemspaceError("unavailable", `No memory for a batch of ${bytes} bytes. Encode shorter texts.`, { cause });
  }
}

function align(address: number): number {
  return Math.ceil(address / 16) * 16;
}
