/**
 * From a text's vector to the probabilities of the labels, as fastText's losses compute them, its table of the sigmoid
 * (512 steps over ±8) and the 1e-5 that it adds to every probability (to every step of a way through its tree) included.
 * Differs: what that makes larger than 1 is 1.
 */
import { type HuffmanTree, huffmanTree } from "../training/huffman-tree.ts";
import type { FastTextLoss } from "./settings.ts";
import type { ModelTable } from "./table.ts";

const STEPS = 512;
const REACH = 8;
const ADDED = 1e-5;

/** A label's number and its probability. */
export interface Scored {
  index: number;
  probability: number;
}

export interface ScoreOptions {
  top: number;
  /** Labels below this probability are left out. */
  threshold: number;
}

export class OutputLayer {
  readonly #table: ModelTable;
  readonly #loss: FastTextLoss;
  readonly #outputs: number;
  readonly #tree: HuffmanTree | undefined;

  /** @param counts how often each output occurs: their number, and the shape of the tree of `hs`. */
  constructor(table: ModelTable, loss: FastTextLoss, counts: ArrayLike<number>) {
    this.#table = table;
    this.#loss = loss;
    this.#outputs = counts.length;
    this.#tree = loss === "hs" ? huffmanTree(counts) : undefined;
  }

  /** The best outputs for a vector, best first; ties by their number. */
  score(hidden: Float32Array, { top, threshold }: ScoreOptions): Scored[] {
    const found: Scored[] = [];
    const keep = (index: number, probability: number): void => {
      if (probability < threshold) return;
      let at = found.length;
      while (at > 0 && found[at - 1].probability < probability) at -= 1;
      if (at >= top) return;
      found.splice(at, 0, { index, probability });
      if (found.length > top) found.pop();
    };
    if (this.#tree) {
      const least = (): number => (found.length < top ? 0 : found.at(-1)!.probability);
      this.#walk(this.#tree, hidden, { keep, least, threshold });
    } else {
      const probabilities = this.#loss === "softmax" ? this.#softmax(hidden) : this.#sigmoids(hidden);
      for (let i = 0; i < probabilities.length; i += 1) {
        if (probabilities[i] >= threshold) keep(i, probabilities[i] + ADDED);
      }
    }
    return found.map(({ index, probability }) => ({ index, probability: Math.min(1, probability) }));
  }

  #softmax(hidden: Float32Array): Float64Array {
    const values = new Float64Array(this.#outputs);
    let largest = -Infinity;
    for (let i = 0; i < values.length; i += 1) {
      values[i] = this.#table.dotRow(i, hidden);
      largest = Math.max(largest, values[i]);
    }
    let sum = 0;
    for (let i = 0; i < values.length; i += 1) {
      values[i] = Math.exp(values[i] - largest);
      sum += values[i];
    }
    for (let i = 0; i < values.length; i += 1) values[i] /= sum;
    return values;
  }

  #sigmoids(hidden: Float32Array): Float64Array {
    return Float64Array.from({ length: this.#outputs }, (_, i) => tableSigmoid(this.#table.dotRow(i, hidden)));
  }

  /** Depth first; a branch that is less probable than what is found already is not entered. */
  #walk(
    { leaves, left, right }: HuffmanTree,
    hidden: Float32Array,
    {
      keep,
      least,
      threshold,
    }: { keep: (index: number, probability: number) => void; least: () => number; threshold: number },
  ): void {
    if (leaves === 0) return;
    const open: { node: number; probability: number }[] = [{ node: Math.max(0, 2 * leaves - 2), probability: 1 }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { node, probability } = next;
      // The original looks no further below its 1e-5 either.
      if (probability < least() || probability < threshold + ADDED) continue;
      if (node < leaves) keep(node, probability);
      else {
        const share = 1 / (1 + Math.exp(-this.#table.dotRow(node - leaves, hidden)));
        open.push({ node: right[node], probability: probability * (share + ADDED) });
        open.push({ node: left[node], probability: probability * (1 - share + ADDED) });
      }
    }
  }
}

/** fastText's sigmoid: 0 below -8, 1 above 8, between them the value at the step below. */
function tableSigmoid(x: number): number {
  if (x < -REACH) return 0;
  if (x > REACH) return 1;
  const step = Math.trunc(((x + REACH) * STEPS) / REACH / 2);
  return 1 / (1 + Math.exp(REACH - (step * 2 * REACH) / STEPS));
}
