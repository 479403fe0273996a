/** Random numbers of a GloVe training, all of them from its seed. */
import { randomNumbers as numbersOf } from "../../matrix/random-numbers.ts";

/** 64 bits that differ for every pair of numbers. */
export function mixSeed(seed: number, a: number, b: number): [low: number, high: number] {
  const low = mix(mix(mix(seed + 1) + a) + b);
  return [low, mix(low ^ 0x5bd1e995)];
}

/** Numbers from 0 to below 1. */
export function randomNumbers(seed: number): () => number {
  return numbersOf(mix(seed + 1));
}

/** The numbers 0 … count − 1 in random order. */
export function permutation(count: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const random = randomNumbers(seed);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function mix(value: number): number {
  const a = Math.imul(value ^ (value >>> 16), 0x85ebca6b) + 0x9e3779b9;
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b ^ (b >>> 16)) >>> 0;
}
