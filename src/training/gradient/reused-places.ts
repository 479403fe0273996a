/**
 * Memory for the outputs of a graph that is run again and again: batches of a shape that was seen before are written over what the last batch left.
 * Allocating it anew costs page faults, a tenth of a training step; and the garbage collector would learn of it late.
 */
import type { SessionTensor } from "../../transformers/session.ts";

type Results = Record<string, SessionTensor>;

export class ReusedPlaces {
  readonly #shapes = new Map<string, ReadonlyMap<string, readonly number[]>>();
  readonly #buffers = new Map<string, Float32Array>();

  /** Runs with places for the float32 outputs, if a batch of this `key` was run before. */
  async run(key: string, work: (into: Readonly<Results>) => Promise<Results>): Promise<Results> {
    const known = this.#shapes.get(key);
    const into: Results = {};
    for (const [name, shape] of known ?? []) into[name] = { type: "float32", data: this.#place(name, shape), shape };
    const results = await work(into);
    if (!known) {
      const floats = Object.entries(results).filter(([, { type }]) => type === "float32");
      this.#shapes.set(key, new Map(floats.map(([name, { shape }]) => [name, shape])));
    }
    return results;
  }

  #place(name: string, shape: readonly number[]): Float32Array {
    const count = shape.reduce((product, size) => product * size, 1);
    let buffer = this.#buffers.get(name);
    if (!buffer || buffer.length < count) {
      buffer = new Float32Array(count);
      this.#buffers.set(name, buffer);
    }
    return buffer.subarray(0, count);
  }
}
