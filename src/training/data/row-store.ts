/** The texts of a data set while it is read and used: in memory, or in a temporary file once they are too many. */
import { temporaryFile } from "#platform";
import type { TemporaryFile } from "../../platform/platform.ts";

/** UTF-16 units that are kept in memory. */
const IN_MEMORY = 256 * 2 ** 20;
/** Bytes that are written at once. */
const PIECE = 1 << 20;

export class RowStore {
  readonly #columns: string[][];
  readonly #limit: number;
  #characters = 0;
  #disk: DiskRows | undefined;
  /** Whether a temporary file can be had is asked once. */
  #asked = false;

  constructor(columns: number, limit: number = IN_MEMORY) {
    this.#columns = Array.from({ length: columns }, () => []);
    this.#limit = limit;
  }

  async add(texts: readonly string[]): Promise<void> {
    if (this.#disk) return this.#disk.add(texts);
    for (const [c, text] of texts.entries()) {
      this.#columns[c].push(text);
      this.#characters += text.length;
    }
    if (this.#characters > this.#limit && !this.#asked) await this.#spill();
  }

  async #spill(): Promise<void> {
    this.#asked = true;
    const file = await temporaryFile();
    if (!file) return;
    const disk = new DiskRows(file);
    for (let row = 0; row < this.#columns[0].length; row += 1) {
      // oxlint-disable-next-line no-await-in-loop -- in their order
      await disk.add(this.#columns.map((column) => column[row]));
    }
    for (const column of this.#columns) column.length = 0;
    this.#disk = disk;
  }

  /** No row is added any more. */
  async finish(): Promise<void> {
    await this.#disk?.flush();
  }

  /** One array a column. */
  async texts(rows: ArrayLike<number>): Promise<string[][]> {
    if (!this.#disk) return this.#columns.map((column) => Array.from(rows, (row) => column[row]));
    const found = await this.#disk.read(rows);
    return this.#columns.map((_, c) => found.map((texts) => texts[c]));
  }

  async dispose(): Promise<void> {
    for (const column of this.#columns) column.length = 0;
    await this.#disk?.file.remove();
  }
}

/** Rows as JSON, one behind the other. */
class DiskRows {
  readonly file: TemporaryFile;
  readonly #ends: number[] = [];
  #end = 0;
  #written = 0;
  #waiting: Uint8Array[] = [];

  constructor(file: TemporaryFile) {
    this.file = file;
  }

  async add(texts: readonly string[]): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(texts));
    this.#waiting.push(bytes);
    this.#end += bytes.length;
    this.#ends.push(this.#end);
    if (this.#end - this.#written >= PIECE) await this.flush();
  }

  async flush(): Promise<void> {
    const piece = new Uint8Array(this.#end - this.#written);
    let at = 0;
    for (const bytes of this.#waiting) {
      piece.set(bytes, at);
      at += bytes.length;
    }
    this.#waiting = [];
    await this.file.write(this.#written, piece);
    this.#written = this.#end;
  }

  async read(rows: ArrayLike<number>): Promise<string[][]> {
    const decoder = new TextDecoder();
    return Promise.all(
      Array.from(rows, async (row) => {
        const from = row === 0 ? 0 : this.#ends[row - 1];
        const bytes = new Uint8Array(this.#ends[row] - from);
        await this.file.read(from, bytes);
        return JSON.parse(decoder.decode(bytes)) as string[];
      }),
    );
  }
}
