/**
 * The Huffman tree of hierarchical softmax (Morin and Bengio 2005) over outputs sorted by falling count, as word2vec.c and fastText
 * merge it: two pointers, one on the leaves and one on the inner nodes made so far. Node leaves + i is inner node i, the last one the root.
 */

export interface HuffmanTree {
  readonly leaves: number;
  /** Children and parent of each node, leaves first; -1 where there is none. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly parent: Int32Array;
}

/** The node with the smaller count becomes the left child, which stands for 0; of equal ones an inner node is taken before a leaf. */
export function huffmanTree(counts: ArrayLike<number>): HuffmanTree {
  const leaves = counts.length;
  const nodes = Math.max(0, 2 * leaves - 1);
  const [left, right, parent] = [0, 1, 2].map(() => new Int32Array(nodes).fill(-1));
  const count = new Float64Array(Math.max(leaves, nodes)).fill(Infinity);
  count.set(Array.from(counts));
  let leaf = leaves - 1;
  let inner = leaves;
  for (let node = leaves; node < nodes; node += 1) {
    const take = (): number => (leaf >= 0 && count[leaf] < count[inner] ? leaf-- : inner++);
    left[node] = take();
    right[node] = take();
    count[node] = count[left[node]] + count[right[node]];
    parent[left[node]] = node;
    parent[right[node]] = node;
  }
  return { leaves, left, right, parent };
}
