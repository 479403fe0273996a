/**
 * What the lanes of a training tell each other while they run: which block of the corpus is next, whether to stop, and how far
 * each has come. It lies in memory that all of them share.
 */

const STOP = 0;
const NEXT = 1;
const HALT = 2;
/** Bytes before the lanes' own counters. */
const HEAD = 64;
/** Float64 counters of a lane, on a cache line of their own. */
const COUNTERS = 8;
/** Milliseconds that a lane in the main thread works before it lets others in. */
const SLICE = 60;

export interface LaneTotals {
  /** Words (or cells, or lines) that have been trained on. */
  done: number;
  /** Sum of the losses and their number in this epoch. */
  loss: number;
  losses: number;
}

export class LaneControl {
  readonly buffer: SharedArrayBuffer | ArrayBuffer;
  readonly #flags: Int32Array;
  readonly #counters: Float64Array;
  readonly #pauses: boolean;
  #pausedAt = 0;

  /** @param pauses whether the lane shares its thread with timers and the page. */
  constructor(buffer: SharedArrayBuffer | ArrayBuffer, pauses = true) {
    this.buffer = buffer;
    this.#pauses = pauses;
    this.#flags = new Int32Array(buffer, 0, HEAD / 4);
    this.#counters = new Float64Array(buffer, HEAD);
  }

  /** For so many lanes; `shared` where they run in threads. */
  static create(lanes: number, shared: boolean): LaneControl {
    const bytes = HEAD + lanes * COUNTERS * 8;
    return new LaneControl(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  }

  /** The number of the next block that no lane has taken; counts on beyond the last one. */
  takeBlock(): number {
    return Atomics.add(this.#flags, NEXT, 1);
  }

  /** Asks all lanes to end their job soon. */
  stop(): void {
    Atomics.store(this.#flags, STOP, 1);
  }

  /** Asks all lanes to end their job after the blocks that they have taken; {@link next} tells where it goes on. */
  halt(on: boolean): void {
    Atomics.store(this.#flags, HALT, Number(on));
  }

  /** Whether a lane should take no further block for now. */
  get halted(): boolean {
    return Atomics.load(this.#flags, HALT) === 1;
  }

  /** The block that is next; to be asked and set while no lane works. */
  get next(): number {
    return Atomics.load(this.#flags, NEXT);
  }

  set next(block: number) {
    Atomics.store(this.#flags, NEXT, block);
  }

  get stopped(): boolean {
    return Atomics.load(this.#flags, STOP) === 1;
  }

  /** Before a job: the first block is next, the losses are zero. What is done stays. */
  begin(): void {
    Atomics.store(this.#flags, NEXT, 0);
    for (let at = 0; at < this.#counters.length; at += COUNTERS) this.#counters.fill(0, at + 1, at + 3);
  }

  /** A lane tells what it has just done. */
  add(lane: number, { done, loss, losses }: LaneTotals): void {
    const at = lane * COUNTERS;
    this.#counters[at] += done;
    this.#counters[at + 1] += loss;
    this.#counters[at + 2] += losses;
  }

  /** Over all lanes, in their order. */
  totals(): LaneTotals {
    const totals = { done: 0, loss: 0, losses: 0 };
    for (let at = 0; at < this.#counters.length; at += COUNTERS) {
      totals.done += this.#counters[at];
      totals.loss += this.#counters[at + 1];
      totals.losses += this.#counters[at + 2];
    }
    return totals;
  }

  /** Lets timers, signals and the page have a turn now and then. To be awaited after every block. */
  async pause(): Promise<void> {
    if (!this.#pauses) return;
    const now = performance.now();
    if (now - this.#pausedAt < SLICE) return;
    await new Promise((resolve) => void setTimeout(resolve));
    this.#pausedAt = performance.now();
  }
}
