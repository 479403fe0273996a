/** Where words lie in a table of token vectors: the mean of their tokens' rows, seen from the middle of all rows. */
import type { Tokenizer } from "../../src/tokenizers/index.ts";

export interface SpaceRecord {
  step: number;
  /** Cosine of king and queen, of king and keyboard. */
  kingQueen: number;
  kingKeyboard: number;
  /** Share of the triples whose first word is nearer to the second than to the third. */
  right: number;
}

export function measureSpace(
  tokenizer: Tokenizer,
  { value, shape }: { value: Float32Array; shape: readonly number[] },
  triples: readonly (readonly [string, string, string])[],
): Omit<SpaceRecord, "step"> {
  const [rows, columns] = shape;
  const middle = new Float64Array(columns);
  for (let i = 0; i < value.length; i += 1) middle[i % columns] += value[i] / rows;
  const vectorOf = (word: string): Float64Array => {
    const { ids } = tokenizer.encodeIds([word], { addSpecialTokens: false });
    const vector = new Float64Array(columns);
    for (const id of ids) for (let k = 0; k < columns; k += 1) vector[k] += value[id * columns + k] - middle[k];
    return vector;
  };
  const nearness = (a: string, b: string): number => cosine(vectorOf(a), vectorOf(b));
  const right = triples.filter(([word, related, other]) => nearness(word, related) > nearness(word, other));
  return {
    kingQueen: nearness("king", "queen"),
    kingKeyboard: nearness("king", "keyboard"),
    right: right.length / triples.length,
  };
}

function cosine(a: Float64Array, b: Float64Array): number {
  const dot = a.reduce((sum, value, i) => sum + value * b[i], 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}
