/** The log of a training: a line of JSON a step and an evaluation. A resumed training cuts it to where its state was kept. */
import { appendBytes, fileSize, readBytes } from "#platform";

export type LogRecord =
  | { step: number; epoch: number; loss: number; learningRate: number; seconds: number }
  | { step: number; epoch: number; score: number; seconds: number };

/** Milliseconds between two writings. */
const PATIENCE = 2000;

export class TrainingLog {
  readonly #path: string | undefined;
  readonly records: LogRecord[] = [];
  #bytes = 0;
  #lines: string[] = [];
  #writtenAt = performance.now();

  /** @param path the file; undefined keeps the records in memory only. */
  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** Bytes of the file once all is written. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes up the first bytes of a log that was begun before. A log that is shorter (removed meanwhile) begins anew. */
  async resume(bytes: number): Promise<void> {
    if (this.#path === undefined || bytes === 0) return;
    const size = (await fileSize(this.#path)) ?? 0;
    if (size < bytes) return;
    const text = new TextDecoder().decode(await readBytes(this.#path, { offset: 0, length: bytes }));
    for (const line of text.split("\n")) if (line !== "") this.records.push(JSON.parse(line) as LogRecord);
    this.#bytes = bytes;
  }

  async add(record: LogRecord): Promise<void> {
    this.records.push(record);
    this.#lines.push(`${JSON.stringify(record)}\n`);
    if (performance.now() - this.#writtenAt > PATIENCE) await this.flush();
  }

  /** Writes what waits, behind what was written by this training. */
  async flush(): Promise<void> {
    this.#writtenAt = performance.now();
    if (this.#path === undefined || this.#lines.length === 0) return;
    const bytes = new TextEncoder().encode(this.#lines.join(""));
    await appendBytes(this.#path, this.#bytes, once(bytes));
    this.#bytes += bytes.length;
    this.#lines = [];
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
