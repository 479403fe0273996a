/**
 * Brings an index up to a folder: passages of changed files take the places of the old ones, those of files that are gone are removed. The
 * passage n of a file has the id `FILE#n`, so that doing a thing twice does no harm. The work is flushed every few seconds.
 */
import { readContent, passagesOf, type NoPassages } from "../file-passages.ts";
import type { Passage, PassageOptions } from "../../documents/index.ts";
import type { SearchIndex } from "../../search/search-index.ts";
import { contentHash, timeToKeep, type Changes, type FoundDocument } from "./changes.ts";
import type { FileTable } from "./file-table.ts";

export interface UpdateCounts {
  /** Files whose passages were made, and those that only looked changed. */
  read: number;
  same: number;
  removed: number;
  skipped: number;
  /** Passages that were embedded. */
  embedded: number;
}

export interface UpdaterOptions {
  passages: PassageOptions;
  warn: (message: string) => void;
  /** Bytes of files that are done, of all that are to be read. */
  onProgress: (done: number, total: number, embedded: number) => void;
  signal: AbortSignal;
}

interface ReadFile {
  document: FoundDocument;
  hash: string;
  found: Passage[];
}

/** Passages that are embedded at once: enough to sort them by length. */
const BATCH = 1024;
/** Milliseconds between flushes. */
const FLUSH_EVERY = 20_000;
/** Files that are read at once. */
const AT_ONCE = 16;

export class IndexUpdater {
  readonly counts: UpdateCounts = { read: 0, same: 0, removed: 0, skipped: 0, embedded: 0 };
  readonly #index: SearchIndex;
  readonly #table: FileTable;
  readonly #options: UpdaterOptions;
  #waiting: ReadFile[] = [];
  /** Done in the index, not flushed yet. */
  #unsaved: (() => void)[] = [];
  #flushed = Date.now();
  #readerMissing = false;

  constructor(index: SearchIndex, table: FileTable, options: UpdaterOptions) {
    this.#index = index;
    this.#table = table;
    this.#options = options;
  }

  /** Does all changes. When it is aborted, what was done stays; call `finish` in any case. */
  async run({ suspects, gone, same }: Changes): Promise<void> {
    this.counts.same = same;
    const total = suspects.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    for (const file of gone) await this.#remove(file);
    for (let at = 0; at < suspects.length; at += AT_ONCE) {
      const batch = suspects.slice(at, at + AT_ONCE);
      const contents = await Promise.all(batch.map(({ path }) => readContent(path)));
      for (const [i, document] of batch.entries()) {
        this.#options.signal.throwIfAborted();
        await this.#take(document, contents[i]);
        done += document.size;
        this.#options.onProgress(done, total, this.counts.embedded);
      }
    }
    await this.#embed();
  }

  /** Makes what was done last. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#table.save();
  }

  async #take(document: FoundDocument, content: Uint8Array | NoPassages): Promise<void> {
    if (!(content instanceof Uint8Array)) return this.#skip(document, content);
    const hash = contentHash(content);
    const { file, path, size } = document;
    const known = this.#table.known(file);
    if (known?.hash === hash) {
      this.#table.done(file, { ...known, size, time: timeToKeep(document.time, Date.now()) });
      this.counts.same += 1;
      return;
    }
    const found = await passagesOf(content, path, this.#options.passages);
    if (!Array.isArray(found)) {
      this.#skip(document, found);
      // Without its reader a file is looked at again next time.
      if (found.kind === "reader") return;
    } else this.counts.read += 1;
    this.#waiting.push({ document, hash, found: Array.isArray(found) ? found : [] });
    if (this.#waiting.reduce((sum, { found: { length } }) => sum + length, 0) >= BATCH) await this.#embed();
  }

  #skip({ path }: FoundDocument, { kind, reason }: NoPassages): void {
    if (kind === "binary") return;
    this.counts.skipped += 1;
    if (kind === "reader" && this.#readerMissing) return;
    this.#readerMissing ||= kind === "reader";
    this.#options.warn(`skipped ${path}: ${reason}`);
  }

  /** The waiting files' passages go into the index. */
  async #embed(): Promise<void> {
    const files = this.#waiting;
    this.#waiting = [];
    const items = files.flatMap(({ document: { file }, found }) => found.map((passage, n) => itemOf(file, n, passage)));
    if (items.length > 0) await this.#index.add(items, { signal: this.#options.signal });
    this.counts.embedded += items.length;
    for (const { document, hash, found } of files) {
      const { file, size, time } = document;
      const before = this.#table.passages(file);
      this.#table.begin(file, found.length);
      if (before > found.length) await this.#index.delete(ids(file, found.length, before));
      const record = { size, time: timeToKeep(time, Date.now()), hash, passages: found.length };
      this.#unsaved.push(() => this.#table.done(file, record));
    }
    if (Date.now() - this.#flushed > FLUSH_EVERY) await this.#flush();
  }

  async #remove(file: string): Promise<void> {
    const passages = this.#table.passages(file);
    this.#table.begin(file, passages);
    await this.#index.delete(ids(file, 0, passages));
    this.counts.removed += 1;
    this.#unsaved.push(() => this.#table.removed(file));
  }

  async #flush(): Promise<void> {
    if (this.#unsaved.length > 0) {
      await this.#table.save();
      await this.#index.flush();
      for (const done of this.#unsaved) done();
      this.#unsaved = [];
    }
    this.#flushed = Date.now();
  }
}

function ids(file: string, from: number, to: number): string[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => `${file}#${from + i}`);
}

function itemOf(file: string, n: number, { text, heading, line, endLine, page, start, end }: Passage) {
  const metadata = {
    file,
    line,
    endLine,
    start,
    end,
    ...(page !== undefined && { page }),
    ...(heading && { heading }),
  };
  return { id: `${file}#${n}`, text, ...(heading && { heading }), metadata };
}
