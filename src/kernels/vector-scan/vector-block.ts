/** Vectors in a WASM memory that grows, and the scan of queries over them. Values are put in and read by row. */
import { SemspaceError } from "../../errors.ts";
import type { FoundRows } from "./best-rows.ts";
import { align, type BlockLayout, blockLayout, type VectorKind } from "./block-layout.ts";
import { scanChunks, type ScanJob, scoreRows } from "./scan-lane.ts";
import { scanKernel, type ScanKernel } from "./scan-kernel.ts";

const PAGE = 65_536;

export interface BlockOptions {
  /** Whether threads may scan it too. Default: where this runtime shares memory. */
  shared?: boolean | undefined;
  kernel?: "auto" | "reference" | undefined;
}

export class VectorBlock {
  readonly layout: BlockLayout;
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly #kernel: ScanKernel;
  #rows = 0;

  /** Throws `unavailable` when the memory cannot be had. */
  constructor(kind: VectorKind, dimensions: number, options: BlockOptions = {}) {
    this.layout = blockLayout(kind, dimensions);
    this.shared = options.shared ?? typeof SharedArrayBuffer !== "undefined";
    this.memory = allocate(this.layout, this.shared);
    this.#kernel = scanKernel(this.memory, options.kernel);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Rows that still fit. */
  get room(): number {
    return this.layout.capacity - this.#rows;
  }

  /** Makes room for rows of zeros at the end. Throws `unavailable` when there is no memory. */
  grow(count: number): void {
    const { vectorsAt, stride } = this.layout;
    const needed = vectorsAt + align(this.#rows + count, 4) * stride;
    const missing = needed - this.memory.buffer.byteLength;
    if (missing > 0) {
      // A quarter more, so that adding one by one copies nothing often.
      const most = vectorsAt + this.layout.capacity * stride;
      const wanted = Math.min(most - this.memory.buffer.byteLength, missing + ((this.#rows * stride) >> 2));
      try {
        this.memory.grow(Math.ceil(wanted / PAGE));
      } catch (cause) {
        throw noMemory(needed, cause);
      }
    }
    this.#rows += count;
  }

  /** Drops rows from the end. */
  shrink(rows: number): void {
    this.#rows = rows;
  }

  /** The numbers of consecutive rows, without gaps only where the stride has none; valid until the block grows. */
  bytes(from: number, count = 1): Uint8Array {
    const { vectorsAt, stride } = this.layout;
    return new Uint8Array(this.memory.buffer, vectorsAt + from * stride, count * stride);
  }

  /** One a row; to be set with the row. Bits have none. */
  scales(from: number, count = 1): Float32Array {
    return new Float32Array(this.memory.buffer, this.layout.scalesAt + from * 4, count);
  }

  /** The scale of a row where only its first dimensions count. */
  prefixScales(from: number, count = 1): Float32Array {
    return new Float32Array(this.memory.buffer, this.layout.prefixScalesAt + from * 4, count);
  }

  /** Puts a query and the factor of its scores into the memory. Only one scan at a time may be under way. */
  setQuery(at: number, numbers: ArrayBufferView, factor = 1): void {
    const { queriesAt, queryStride, factorsAt } = this.layout;
    const place = new Uint8Array(this.memory.buffer, queriesAt + at * queryStride, queryStride).fill(0);
    place.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    new Float32Array(this.memory.buffer, factorsAt + at * 4, 1)[0] = factor;
  }

  /** Before a scan, which may have several lanes. */
  begin(): void {
    new Int32Array(this.memory.buffer, 0, 1)[0] = 0;
  }

  /** Scans in this thread. */
  scan(job: ScanJob, lane = 0): FoundRows[] {
    return scanChunks({ memory: this.memory, kernel: this.#kernel, layout: this.layout }, job, lane);
  }

  /** The score of every row for the first query. */
  scores(): Float32Array {
    const out = new Float32Array(this.#rows);
    scoreRows({ memory: this.memory, kernel: this.#kernel, layout: this.layout }, this.#rows, out);
    return out;
  }
}

function allocate(layout: BlockLayout, shared: boolean): WebAssembly.Memory {
  const initial = Math.ceil(layout.vectorsAt / PAGE);
  const maximum = Math.ceil((layout.vectorsAt + layout.capacity * layout.stride) / PAGE);
  try {
    return new WebAssembly.Memory({ initial, maximum, shared });
  } catch (cause) {
    throw noMemory(layout.vectorsAt, cause);
  }
}

function noMemory(bytes: number, cause: unknown): SemspaceError {
  const message = `No memory for ${bytes} bytes of vectors. Use dtype "int8" or "binary", or fewer entries.`;
  return new SemspaceError("unavailable", message, { cause });
}
