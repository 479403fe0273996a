/** The k best rows of a scan that comes piece by piece: a heap with the worst on top. Equal scores: the smaller row first. */

export interface FoundRows {
  /** Best first. */
  rows: Int32Array;
  scores: Float32Array;
}

export class BestRows {
  readonly #rows: Int32Array;
  readonly #scores: Float32Array;
  #size = 0;

  constructor(k: number) {
    this.#rows = new Int32Array(k);
    this.#scores = new Float32Array(k);
  }

  /** Rows that come in ascending order can only get in above this score. */
  get threshold(): number {
    return this.#size < this.#rows.length ? -Infinity : this.#rows.length === 0 ? Infinity : this.#scores[0];
  }

  push(row: number, score: number): void {
    const rows = this.#rows;
    const scores = this.#scores;
    let at: number;
    if (this.#size < rows.length) {
      at = this.#size++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isWorse(score, row, scores[parent], rows[parent])) break;
        scores[at] = scores[parent];
        rows[at] = rows[parent];
        at = parent;
      }
    } else {
      if (rows.length === 0 || !isWorse(scores[0], rows[0], score, row)) return;
      at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= this.#size) break;
        if (child + 1 < this.#size && isWorse(scores[child + 1], rows[child + 1], scores[child], rows[child]))
          child += 1;
        if (!isWorse(scores[child], rows[child], score, row)) break;
        scores[at] = scores[child];
        rows[at] = rows[child];
        at = child;
      }
    }
    scores[at] = score;
    rows[at] = row;
  }

  pushAll({ rows, scores }: FoundRows): void {
    for (let i = 0; i < rows.length; i += 1) this.push(rows[i], scores[i]);
  }

  sorted(): FoundRows {
    const order = Array.from({ length: this.#size }, (_, i) => i).sort((a, b) =>
      isWorse(this.#scores[a], this.#rows[a], this.#scores[b], this.#rows[b]) ? 1 : -1,
    );
    return {
      rows: Int32Array.from(order, (i) => this.#rows[i]),
      scores: Float32Array.from(order, (i) => this.#scores[i]),
    };
  }
}

function isWorse(score: number, row: number, otherScore: number, otherRow: number): boolean {
  return score < otherScore || (score === otherScore && row > otherRow);
}
