/**
 * Mersenne Twister (MT19937, Matsumoto and Nishimura 1998) with the draws that numpy's RandomState and Python's `random.Random` make
 * from it: MTEB picks its samples by these, so the same seed picks the same texts here.
 */
const N = 624;
const M = 397;

export class MersenneTwister {
  readonly #state = new Uint32Array(N);
  #next: number = N;

  private constructor(seed: number) {
    this.#state[0] = seed;
    for (let i = 1; i < N; i += 1) {
      const last = this.#state[i - 1] ^ (this.#state[i - 1] >>> 30);
      this.#state[i] = Math.imul(1812433253, last) + i;
    }
  }

  /** As `numpy.random.RandomState(seed)` starts; `seed` below 2³². */
  static numpy(seed: number): MersenneTwister {
    return new MersenneTwister(seed);
  }

  /** As `random.Random(seed)` starts; `seed` below 2³². */
  static python(seed: number): MersenneTwister {
    const twister = new MersenneTwister(19650218);
    const state = twister.#state;
    let i = 1;
    const mixed = (factor: number): number => Math.imul(state[i - 1] ^ (state[i - 1] >>> 30), factor);
    const step = (): void => {
      i += 1;
      if (i < N) return;
      state[0] = state[N - 1];
      i = 1;
    };
    // The key has one word, the seed.
    for (let k = 0; k < N; k += 1, step()) state[i] = (state[i] ^ mixed(1664525)) + seed;
    for (let k = 1; k < N; k += 1, step()) state[i] = (state[i] ^ mixed(1566083941)) - i;
    state[0] = 0x80000000;
    return twister;
  }

  /** A whole number, 0 ≤ x < 2³². */
  uint32(): number {
    if (this.#next === N) this.#twist();
    let y = this.#state[this.#next];
    this.#next += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Python's `random()`: 0 ≤ x < 1 with 53 bits. */
  random(): number {
    const high = this.uint32() >>> 5;
    return (high * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** numpy's `RandomState.shuffle` of a list, in place. */
  shuffle(list: unknown[]): void {
    for (let i = list.length - 1; i > 0; i -= 1) {
      const mask = 2 ** (32 - Math.clz32(i)) - 1;
      let j: number;
      do j = (this.uint32() & mask) >>> 0;
      while (j > i);
      [list[i], list[j]] = [list[j], list[i]];
    }
  }

  /** Python's `choices(range(n), k=k)`: `k` numbers below `n`, with replacement. */
  choices(n: number, k: number): Int32Array {
    return Int32Array.from({ length: k }, () => Math.floor(this.random() * n));
  }

  /** Python's `sample(range(n), k)`: `k` different numbers below `n`. */
  sample(n: number, k: number): number[] {
    const setSize = 21 + (k > 5 ? 4 ** Math.ceil(Math.log(k * 3) / Math.log(4)) : 0);
    if (n > setSize) {
      const chosen = new Set<number>();
      while (chosen.size < k) chosen.add(this.#below(n));
      return [...chosen];
    }
    const pool = Array.from({ length: n }, (_, i) => i);
    return Array.from({ length: k }, (_, i) => {
      const j = this.#below(n - i);
      const value = pool[j];
      pool[j] = pool[n - i - 1];
      return value;
    });
  }

  #below(n: number): number {
    const bits = 32 - Math.clz32(n);
    let value: number;
    do value = this.uint32() >>> (32 - bits);
    while (value >= n);
    return value;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < N; i += 1) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
