/**
 * The Huffman tree of hierarchical softmax (Morin and Bengio 2005), merged with two pointers as word2vec.c does it over words
 * sorted by count. Words in another order are sorted here first; a node of equal count is taken before a word.
 */

/** For each word the inner nodes from the root to it, and which way to go there. */
export interface HuffmanCodes {
  /** Word i has the steps `starts[i] … starts[i + 1]`. */
  starts: Uint32Array<ArrayBuffer>;
  /** inner node × 2 + bit; the root is node words − 2. */
  steps: Uint32Array<ArrayBuffer>;
}

export function huffmanCodes(counts: Float64Array): HuffmanCodes {
  const n = counts.length;
  const order = Uint32Array.from(counts, (_, i) => i).sort((a, b) => counts[b] - counts[a]);
  const { parents, bits } = mergeNodes(Float64Array.from(order, (word) => counts[word]));
  const lengths = new Uint32Array(n);
  for (let rank = 0; rank < n; rank += 1) {
    for (let node = rank; node < 2 * n - 2; node = parents[node]) lengths[order[rank]] += 1;
  }
  const starts = new Uint32Array(n + 1);
  for (let word = 0; word < n; word += 1) starts[word + 1] = starts[word] + lengths[word];
  const steps = new Uint32Array(starts[n]);
  for (let rank = 0; rank < n; rank += 1) {
    let at = starts[order[rank] + 1];
    for (let node = rank; node < 2 * n - 2; node = parents[node]) {
      at -= 1;
      steps[at] = (parents[node] - n) * 2 + bits[node];
    }
  }
  return { starts, steps };
}

/** Leaves are 0 … n − 1 by falling count, inner nodes follow; the second of two merged nodes gets bit 1. */
function mergeNodes(sorted: Float64Array): { parents: Uint32Array; bits: Uint8Array } {
  const n = sorted.length;
  const counts = new Float64Array(Math.max(1, 2 * n - 1)).fill(Infinity);
  counts.set(sorted);
  const parents = new Uint32Array(counts.length);
  const bits = new Uint8Array(counts.length);
  let leaf = n - 1;
  let inner = n;
  const smallest = (): number => {
    if (leaf >= 0 && counts[leaf] < counts[inner]) {
      leaf -= 1;
      return leaf + 1;
    }
    inner += 1;
    return inner - 1;
  };
  for (let made = n; made < 2 * n - 1; made += 1) {
    const first = smallest();
    const second = smallest();
    counts[made] = counts[first] + counts[second];
    parents[first] = made;
    parents[second] = made;
    bits[second] = 1;
  }
  return { parents, bits };
}
