/** Numbers of a normal distribution with mean 0 and deviation 1, by Box and Muller's transformation (1958). */
import { randomNumbers } from "../../matrix/random-numbers.ts";

export function normalNumbers(seed: number): () => number {
  const random = randomNumbers(seed);
  let kept: number | undefined;
  return () => {
    if (kept !== undefined) {
      const value = kept;
      kept = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
