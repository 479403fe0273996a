/** One lane of a scan: takes chunks of rows that no other lane has taken, scores them, keeps the best of each query. */
import { BestRows, type FoundRows } from "./best-rows.ts";
import { type BlockLayout, laneArea, ROWS_OF_MANY, ROWS_OF_ONE } from "./block-layout.ts";
import type { ScanKernel } from "./scan-kernel.ts";

export interface ScanJob {
  /** Rows 0 … rows are scanned. */
  rows: number;
  /** Queries in the block's memory: 1, or more, padded to a multiple of 3. */
  queryCount: number;
  /** Most rows of each query. */
  k: number;
  /** Only the first dimensions count; undefined: all. */
  firstDimensions?: number | undefined;
  /** 1 where a row may be found, one a row; undefined: all may. */
  allowed?: Uint8Array | undefined;
}

/** Rows of a chunk. */
function chunkRows(queryCount: number): number {
  return queryCount === 1 ? ROWS_OF_ONE : ROWS_OF_MANY;
}

/** Works until no chunk is left; results by query. */
export function scanChunks(
  { memory, kernel, layout }: { memory: WebAssembly.Memory; kernel: ScanKernel; layout: BlockLayout },
  job: ScanJob,
  lane: number,
): FoundRows[] {
  const { rows, queryCount, k, allowed } = job;
  const { stride, queryStride, queriesAt, factorsAt, vectorsAt } = layout;
  const scan = { float32: kernel.scanFloat32, int8: kernel.scanInt8, bits: kernel.scanBits }[layout.kind];
  const { scoresAt, positionsAt } = laneArea(layout, lane);
  const best = Array.from({ length: queryCount }, () => new BestRows(Math.min(k, rows)));
  const scales = job.firstDimensions ? layout.prefixScalesAt : layout.scalesAt;
  const columns = columnsOf(layout, job.firstDimensions);
  const padded = queryCount === 1 ? 1 : Math.ceil(queryCount / 3) * 3;
  const step = chunkRows(queryCount);
  const scores = new Float32Array(memory.buffer, scoresAt, step * padded);
  const positions = new Int32Array(memory.buffer, positionsAt, step);
  const next = new Int32Array(memory.buffer, 0, 1);
  for (;;) {
    const from = Atomics.add(next, 0, 1) * step;
    if (from >= rows) break;
    const count = Math.min(step, rows - from);
    const wide = Math.ceil(count / 4) * 4;
    const rowsAt = vectorsAt + from * stride;
    scan(rowsAt, stride, scales + from * 4, wide, queriesAt, queryStride, factorsAt, padded, columns, scoresAt, step);
    for (let j = 0; j < queryCount; j += 1) {
      const heap = best[j];
      const found = kernel.above(scoresAt + j * step * 4, wide, heap.threshold, positionsAt);
      for (let i = 0; i < found; i += 1) {
        const at = positions[i];
        if (at >= count || (allowed && allowed[from + at] === 0)) continue;
        const score = scores[j * step + at];
        if (score > heap.threshold) heap.push(from + at, score);
      }
    }
  }
  return best.map((heap) => heap.sorted());
}

/** What the kernel of a kind calls columns, filled up to 16 bytes. */
function columnsOf({ kind, stride }: BlockLayout, firstDimensions: number | undefined): number {
  if (kind === "bits") return stride;
  const all = kind === "float32" ? stride / 4 : stride;
  return firstDimensions ? Math.min(all, Math.ceil(firstDimensions / 8) * 8) : all;
}

/** Writes the score of every row for the first query in the memory; for int8 and float32. */
export function scoreRows(
  { memory, kernel, layout }: { memory: WebAssembly.Memory; kernel: ScanKernel; layout: BlockLayout },
  rows: number,
  out: Float32Array,
): void {
  const { stride, queryStride, queriesAt, factorsAt, vectorsAt, scalesAt } = layout;
  const scan = layout.kind === "float32" ? kernel.scanFloat32 : kernel.scanInt8;
  const { scoresAt } = laneArea(layout, 0);
  const columns = columnsOf(layout, undefined);
  for (let from = 0; from < rows; from += ROWS_OF_ONE) {
    const count = Math.min(ROWS_OF_ONE, rows - from);
    const wide = Math.ceil(count / 4) * 4;
    const rowsAt = vectorsAt + from * stride;
    scan(rowsAt, stride, scalesAt + from * 4, wide, queriesAt, queryStride, factorsAt, 1, columns, scoresAt, wide);
    out.set(new Float32Array(memory.buffer, scoresAt, count), from);
  }
}
