/** What a co-occurrence count tells while it runs. Lanes add words to `done`, cells to `losses` and bytes written to files to `loss`. */
import type { LaneControl } from "../training/lane-control.ts";

/** Milliseconds between two reports. */
const REPORT = 250;

export interface CountProgress {
  /** First all words are counted, then the parts of the count are brought together. */
  phase: "counting" | "merging";
  /** Share of the phase that is done, 0 … 1. */
  fraction: number;
  /** Words counted so far. */
  words: number;
  /** Co-occurrences written in this phase; where a text is counted in parts, merging leaves fewer. */
  cells: number;
  /** Bytes written to temporary files. */
  spilled: number;
  /** Words, while merging co-occurrences, a second of this phase. */
  speed: number;
  secondsLeft: number;
}

export class CountReport {
  readonly #control: LaneControl;
  readonly #words: number;
  readonly #onProgress: (progress: CountProgress) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #phase: CountProgress["phase"] = "counting";
  #total: number;
  #cells = 0;
  #spilled = 0;
  #started = performance.now();
  #failure: { error: unknown } | undefined;

  /** For a text of so many words. */
  constructor(control: LaneControl, words: number, onProgress: (progress: CountProgress) => void = () => undefined) {
    this.#control = control;
    this.#words = words;
    this.#total = words;
    this.#onProgress = onProgress;
    this.#timer = setInterval(() => this.#report(), REPORT);
  }

  /** After a job of the lanes: what it told is kept, and the next one begins. Throws what `onProgress` has thrown. */
  jobDone(): void {
    const { loss, losses } = this.#control.totals();
    this.#cells += losses;
    this.#spilled += loss;
    this.#control.begin();
    if (this.#failure) throw this.#failure.error;
  }

  /** All words are counted; so many co-occurrences are now brought together. */
  merging(): void {
    this.#report(1);
    this.#phase = "merging";
    this.#total = this.#cells;
    this.#cells = 0;
    this.#started = performance.now();
  }

  /** The last report. */
  done(): void {
    this.#report(1);
    if (this.#failure) throw this.#failure.error;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #report(fraction?: number): void {
    const { done, loss, losses } = this.#control.totals();
    const counted = this.#phase === "counting" ? done : done - this.#words;
    const speed = (counted / (performance.now() - this.#started)) * 1000;
    try {
      this.#onProgress({
        phase: this.#phase,
        fraction: fraction ?? Math.min(1, counted / this.#total),
        words: Math.min(done, this.#words),
        cells: this.#cells + losses,
        spilled: this.#spilled + loss,
        speed,
        secondsLeft: fraction === 1 ? 0 : speed > 0 ? Math.max(0, (this.#total - counted) / speed) : Infinity,
      });
    } catch (error) {
      // An error in a timer would end the process.
      this.#failure ??= { error };
      this.#control.stop();
    }
  }
}
