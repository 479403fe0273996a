/**
 * fastText's Huffman tree over outputs sorted by falling count: two pointers, one on the leaves and one on the inner nodes
 * made so far. Inner node i (0 … outputs − 2) has row i of the output matrix; the last one is the root.
 */

export interface HuffmanTree {
  readonly leaves: number;
  /** Children and parent of each node, leaves first; -1 where there is none. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly parent: Int32Array;
}

/** The node with the smaller count becomes the left child, which stands for 0. */
export function huffmanTree(counts: ArrayLike<number>): HuffmanTree {
  const leaves = counts.length;
  const nodes = Math.max(0, 2 * leaves - 1);
  const [left, right, parent] = [0, 1, 2].map(() => new Int32Array(nodes).fill(-1));
  const count = new Float64Array(nodes).fill(1e15);
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

/** The way from each leaf to the root: `steps[starts[i] … starts[i + 1])`, each an output row × 2 + (1 for a right child). */
export function huffmanPaths({ leaves, right, parent }: HuffmanTree): { starts: Int32Array; steps: Int32Array } {
  const starts = new Int32Array(leaves + 1);
  const steps: number[] = [];
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    for (let node = leaf; parent[node] >= 0; node = parent[node]) {
      steps.push((parent[node] - leaves) * 2 + (right[parent[node]] === node ? 1 : 0));
    }
    starts[leaf + 1] = steps.length;
  }
  return { starts, steps: Int32Array.from(steps) };
}
