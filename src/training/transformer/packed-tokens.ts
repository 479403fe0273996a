/** A corpus as rows of tokens of one length: its lines one after the other, cut where a row is full, so that nothing is padding. */
import { SemspaceError } from "../../errors.ts";
import { corpusLines, type CorpusSource } from "../../formats/corpus-source.ts";
import { pauses } from "../../platform/pauses.ts";
import type { Tokenizer } from "../../tokenizers/index.ts";

export interface PackedTokens {
  /** [rows, columns]. */
  readonly ids: Uint16Array | Int32Array;
  readonly rows: number;
  readonly columns: number;
}

export interface PackingOptions {
  readonly columns: number;
  /** Tokens before and after every row. */
  readonly around: { readonly first: readonly number[]; readonly last: readonly number[] };
  /** Tokens between two lines. */
  readonly between: readonly number[];
  readonly signal?: AbortSignal | undefined;
  /** Hears of the lines that are read. */
  readonly onLines?: ((lines: number) => void) | undefined;
}

const LINES = 256;

/** Reads all lines. What does not fill a row at the end is left out. Throws `invalid-argument` for a corpus that fills none. */
export async function packTokens(
  corpus: CorpusSource,
  tokenizer: Tokenizer,
  options: PackingOptions,
): Promise<PackedTokens> {
  const { columns, around, between, signal, onLines } = options;
  const room = columns - around.first.length - around.last.length;
  const stream = new GrowingIds(tokenizer.vocabularySize <= 65536);
  const pause = pauses();
  let count = 0;
  let lines: string[] = [];
  const read = async () => {
    signal?.throwIfAborted();
    const { ids, starts } = tokenizer.encodeIds(lines, { addSpecialTokens: false });
    for (let i = 0; i < lines.length; i += 1) {
      stream.push(ids.subarray(starts[i], starts[i + 1]));
      stream.push(between);
    }
    count += lines.length;
    lines = [];
    onLines?.(count);
    await pause();
  };
  for await (const line of corpusLines(corpus)) if (lines.push(line) === LINES) await read();
  await read();
  const rows = Math.floor(stream.length / room);
  if (rows === 0) {
    const message = `The corpus has ${stream.length} tokens, fewer than one row of ${room}. Give more text, or fewer columns.`;
    throw new SemspaceError("invalid-argument", message);
  }
  const tokens = stream.take();
  const ids = tokens instanceof Uint16Array ? new Uint16Array(rows * columns) : new Int32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    ids.set(around.first, row * columns);
    ids.set(tokens.subarray(row * room, (row + 1) * room), row * columns + around.first.length);
    ids.set(around.last, (row + 1) * columns - around.last.length);
  }
  return { ids, rows, columns };
}

class GrowingIds {
  #ids: Uint16Array | Int32Array;
  length = 0;

  constructor(isNarrow: boolean) {
    this.#ids = isNarrow ? new Uint16Array(1 << 16) : new Int32Array(1 << 16);
  }

  push(more: ArrayLike<number>): void {
    const needed = this.length + more.length;
    if (needed > this.#ids.length) {
      const size = Math.max(needed, this.#ids.length * 2);
      const grown = this.#ids instanceof Uint16Array ? new Uint16Array(size) : new Int32Array(size);
      grown.set(this.#ids);
      this.#ids = grown;
    }
    this.#ids.set(more, this.length);
    this.length = needed;
  }

  take(): Uint16Array | Int32Array {
    return this.#ids.subarray(0, this.length);
  }
}
