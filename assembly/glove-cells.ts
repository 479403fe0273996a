/**
 * Co-occurrence cells of eight bytes, row within its block of 512 rows << 23 | column and the count as float32: sorted into tiles, summed,
 * shuffled.
 */

/** Columns of a tile, and rows of a block. */
export const BLOCK_BITS: u32 = 9;
export const COLUMN_BITS: u32 = 23;
export const COLUMN_MASK: u32 = (1 << COLUMN_BITS) - 1;

/** Sorts cells by their block of columns; `ends` (zeros, one u32 a block of columns) gets where each block ends in `to`. */
export function sortCells(from: usize, count: i32, to: usize, ends: usize, blocks: i32): void {
  const last = from + ((<usize>count) << 3);
  for (let at = from; at < last; at += 8) {
    const end = ends + (((load<u32>(at) & COLUMN_MASK) >> BLOCK_BITS) << 2);
    store<u32>(end, load<u32>(end) + 1);
  }
  let sum: u32 = 0;
  for (let end = ends; end < ends + ((<usize>blocks) << 2); end += 4) {
    const size = load<u32>(end);
    store<u32>(end, sum);
    sum += size;
  }
  for (let at = from; at < last; at += 8) {
    const cell = load<u64>(at);
    const end = ends + ((((<u32>cell) & COLUMN_MASK) >> BLOCK_BITS) << 2);
    const place = load<u32>(end);
    store<u64>(to + ((<usize>place) << 3), cell);
    store<u32>(end, place + 1);
  }
}

/** Adds cells of one tile to its 512 × 512 sums; `known` keys are in `keys` already, gives how many are then. */
export function addCells(cells: usize, count: i32, sums: usize, keys: usize, known: i32): i32 {
  let end = keys + ((<usize>known) << 2);
  for (let at = cells; at < cells + ((<usize>count) << 3); at += 8) {
    const key = load<u32>(at);
    const sum = tileSum(sums, key);
    const before = load<f64>(sum);
    store<f64>(sum, before + <f64>load<f32>(at, 4));
    if (before != 0) continue;
    store<u32>(end, key);
    end += 4;
  }
  return <i32>((end - keys) >> 2);
}

/** Writes the summed cells of a tile to `out` and clears the sums. */
export function takeCells(out: usize, sums: usize, keys: usize, known: i32): void {
  for (let at = keys; at < keys + ((<usize>known) << 2); at += 4) {
    const key = load<u32>(at);
    const sum = tileSum(sums, key);
    store<u32>(out, key);
    store<f32>(out, <f32>load<f64>(sum), 4);
    store<f64>(sum, 0);
    out += 8;
  }
}

// @ts-ignore: decorator
@inline
function tileSum(sums: usize, key: u32): usize {
  const local = ((key >> COLUMN_BITS) << BLOCK_BITS) | (key & ((1 << BLOCK_BITS) - 1));
  return sums + ((<usize>local) << 3);
}

/** Fisher-Yates, drawing from a 64-bit linear congruential generator. */
export function shuffleCells(cells: usize, count: i32, low: u32, high: u32): void {
  let state = ((<u64>high) << 32) | (<u64>low);
  for (let i = count - 1; i > 0; i -= 1) {
    state = state * 6364136223846793005 + 1442695040888963407;
    const j = ((state >> 32) * <u64>(i + 1)) >> 32;
    const one = cells + ((<usize>i) << 3);
    const other = cells + ((<usize>j) << 3);
    const kept = load<u64>(one);
    store<u64>(one, load<u64>(other));
    store<u64>(other, kept);
  }
}
