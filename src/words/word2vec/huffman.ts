/** The ways through the Huffman tree of hierarchical softmax as word2vec's kernel takes them; words may have any order. */
import { huffmanTree } from "../training/huffman-tree.ts";

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
  const { parent, right } = huffmanTree(Float64Array.from(order, (word) => counts[word]));
  const lengths = new Uint32Array(n);
  for (let rank = 0; rank < n; rank += 1) {
    for (let node = rank; parent[node] >= 0; node = parent[node]) lengths[order[rank]] += 1;
  }
  const starts = new Uint32Array(n + 1);
  for (let word = 0; word < n; word += 1) starts[word + 1] = starts[word] + lengths[word];
  const steps = new Uint32Array(starts[n]);
  for (let rank = 0; rank < n; rank += 1) {
    let at = starts[order[rank] + 1];
    for (let node = rank; parent[node] >= 0; node = parent[node]) {
      at -= 1;
      steps[at] = (parent[node] - n) * 2 + Number(right[parent[node]] === node);
    }
  }
  return { starts, steps };
}
