/**
 * A static model on several cores: each thread has its own tokenizer and table, texts go out in groups, vectors come back.
 * The table travels as shared memory, so that starting n threads copies it once. The vectors are those of one thread, to the bit.
 */
import { startThread } from "#platform";
import { SemspaceError, type SemspaceErrorCode } from "../../errors.ts";
import type { Thread } from "../../platform/platform.ts";
import type { StaticModelOptions } from "./static-model.ts";
import type { StaticModelParts, StaticReading } from "./static-parts.ts";
import type { WorkerAnswer, WorkerStart } from "./static-worker.ts";

/** Most texts in a group; a group that is out keeps a thread busy for some 20 ms. */
const GROUP = 1024;
/** Groups that a thread has at once, so that it never waits for the next one. */
const AT_ONCE = 2;

export interface PoolJob {
  signal?: AbortSignal | undefined;
  /** Called when that many more texts are ready. */
  advance?: ((texts: number) => unknown) | undefined;
}

export class StaticPool {
  readonly #threads: readonly PoolThread[];
  readonly #dimensions: number;

  constructor(threads: readonly PoolThread[], dimensions: number) {
    this.#threads = threads;
    this.#dimensions = dimensions;
  }

  /** Writes the vector of `texts[i]` to `output[i × dimensions …]`. Throws `unavailable` when a thread ends. */
  async encodeInto(texts: readonly string[], output: Float32Array, { signal, advance }: PoolJob = {}): Promise<void> {
    const lanes = this.#threads.length * AT_ONCE;
    const size = Math.min(GROUP, Math.max(1, Math.ceil(texts.length / (lanes * 2))));
    let next = 0;
    const work = async (thread: PoolThread): Promise<void> => {
      while (next < texts.length) {
        signal?.throwIfAborted();
        const start = next;
        next = Math.min(texts.length, start + size);
        const group = texts.slice(start, next);
        // oxlint-disable-next-line no-await-in-loop -- the next group is taken when this one is done
        output.set(await thread.encode(group), start * this.#dimensions);
        // oxlint-disable-next-line no-await-in-loop
        await advance?.(group.length);
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, i) => work(this.#threads[i % this.#threads.length])));
  }

  /** Rejects when a thread could not load the model. */
  async ready(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.encode([])));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

/** Starts `count` threads and waits until all are ready. Gives undefined where this runtime has no threads, or where they cannot start (a bundled program). */
export async function startStaticPool(
  parts: StaticModelParts,
  options: StaticModelOptions & { reading: StaticReading; name: string },
  count: number,
): Promise<StaticPool | undefined> {
  // Not `new URL("./static-worker.js", import.meta.url)`: bundlers would take the file along without its imports.
  const module = import.meta.url.replace(/static-pool(\.[tj]s)/, "static-worker$1");
  if (module === import.meta.url) return undefined;
  const started = Array.from({ length: count }, () => startThread(new URL(module))).filter(
    (thread) => thread !== undefined,
  );
  if (started.length === 0) return undefined;
  const start: WorkerStart = { parts: { ...parts, rows: shared(parts.rows) }, options };
  const pool = new StaticPool(
    started.map((thread) => new PoolThread(thread, start)),
    parts.dimensions,
  );
  try {
    await pool.ready();
    return pool;
  } catch {
    await pool.dispose();
    return undefined;
  }
}

interface Waiting {
  resolve: (vectors: Float32Array) => void;
  reject: (error: SemspaceError) => void;
}

/** One thread and the groups it has not answered yet; it answers in order. */
class PoolThread {
  readonly #thread: Thread;
  readonly #waiting: Waiting[] = [];
  #ended: SemspaceError | undefined;

  constructor(thread: Thread, start: WorkerStart) {
    this.#thread = thread;
    thread.listen(
      (message) => this.#settle(message as WorkerAnswer),
      (error) => this.#fail(error),
    );
    thread.post(start);
  }

  encode(texts: readonly string[]): Promise<Float32Array> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#thread.keepAlive(true);
      this.#thread.post(texts);
    });
  }

  end(): Promise<void> {
    this.#ended ??= new SemspaceError("disposed", "The static model's threads were ended. Open the model again.");
    return this.#thread.end();
  }

  #settle(answer: WorkerAnswer): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#thread.keepAlive(false);
    if (answer instanceof Float32Array) waiting?.resolve(answer);
    else waiting?.reject(new SemspaceError(answer.code as SemspaceErrorCode, answer.message));
  }

  #fail(cause: unknown): void {
    const reason = cause instanceof Error ? `: ${cause.message}` : "";
    this.#ended ??= new SemspaceError("unavailable", `A thread of the static model ended${reason}. Use threads: 1.`, {
      cause,
    });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}

function shared(rows: Int8Array | Float32Array): Int8Array | Float32Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(rows.byteLength));
  bytes.set(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
  return rows instanceof Int8Array ? new Int8Array(bytes.buffer) : new Float32Array(bytes.buffer);
}
