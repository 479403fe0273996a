/** Sorting many suffixes of one text by their first characters: three-way radix quicksort (Bentley and Sedgewick 1997). */

/** Below this many suffixes, insertion sort. */
const few = 12;

/** Sorts positions in place by the numbers that follow them, up to `depth` of them or to a 0, which ends a suffix. Equal ones stay in any order. */
export function sortSuffixes(text: Int32Array, suffixes: Int32Array, depth: number): void {
  const stack: number[] = [0, suffixes.length, 0];
  while (stack.length > 0) {
    const at = stack.pop()!;
    const high = stack.pop()!;
    const low = stack.pop()!;
    if (high - low < 2 || at >= depth) continue;
    if (high - low < few) {
      insertionSort(text, suffixes.subarray(low, high), [at, depth]);
      continue;
    }
    const middle = median(text, suffixes, [low, high, at]);
    let [less, i, greater] = [low, low, high];
    while (i < greater) {
      const suffix = suffixes[i];
      const difference = text[suffix + at] - middle;
      if (difference === 0) i += 1;
      else if (difference < 0) {
        suffixes[i] = suffixes[less];
        suffixes[less] = suffix;
        less += 1;
        i += 1;
      } else {
        greater -= 1;
        suffixes[i] = suffixes[greater];
        suffixes[greater] = suffix;
      }
    }
    stack.push(low, less, at, greater, high, at);
    if (middle !== 0) stack.push(less, greater, at + 1);
  }
}

function median(text: Int32Array, suffixes: Int32Array, [low, high, at]: readonly [number, number, number]): number {
  const a = text[suffixes[low] + at];
  const b = text[suffixes[(low + high) >> 1] + at];
  const c = text[suffixes[high - 1] + at];
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function insertionSort(text: Int32Array, suffixes: Int32Array, [from, depth]: readonly [number, number]): void {
  for (let i = 1; i < suffixes.length; i += 1) {
    const suffix = suffixes[i];
    let j = i - 1;
    while (j >= 0 && compare(text, [suffixes[j], suffix], [from, depth]) > 0) {
      suffixes[j + 1] = suffixes[j];
      j -= 1;
    }
    suffixes[j + 1] = suffix;
  }
}

function compare(
  text: Int32Array,
  [a, b]: readonly [number, number],
  [from, depth]: readonly [number, number],
): number {
  for (let at = from; at < depth; at += 1) {
    const difference = text[a + at] - text[b + at];
    if (difference !== 0 || text[a + at] === 0) return difference;
  }
  return 0;
}
