/** The ways through a Huffman tree as fastText's kernel takes them: inner node i has row i of the output matrix. */
import type { HuffmanTree } from "../training/huffman-tree.ts";

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
