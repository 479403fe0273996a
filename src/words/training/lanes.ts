/**
 * The workers of a training: lanes that run the same kernel on one shared WebAssembly memory (Hogwild, Niu et al. 2011: nobody
 * waits for anybody). With one lane, or where this runtime has no threads, the same code runs in this thread.
 */
import { startThread } from "#platform";
import { SemspaceError, type SemspaceErrorCode } from "../../errors.ts";
import type { Thread } from "../../platform/platform.ts";
import { LaneControl } from "./lane-control.ts";
import { type LaneTaskName, loadLaneTask } from "./lane-tasks.ts";
import type { LaneAnswer, LaneStart } from "./lane-worker.ts";

const PAGE = 65_536;
const LARGEST_MEMORY = 65_536 * PAGE;

export interface LanesOptions {
  task: LaneTaskName;
  /** Bytes of memory that all lanes share; at most 4 GB. */
  bytes: number;
  /** Fills the memory before the lanes start and gives what they get as `setup`. */
  prepare: (memory: WebAssembly.Memory, lanes: number) => unknown;
}

export interface LaneGroup {
  readonly lanes: number;
  readonly memory: WebAssembly.Memory;
  readonly control: LaneControl;
  /** Gives the job to every lane and waits for all; results in the order of the lanes. */
  run(job: unknown): Promise<unknown[]>;
  end(): Promise<void>;
}

/** Whether lanes can run in threads of their own. */
export function threadsPossible(): boolean {
  return typeof SharedArrayBuffer !== "undefined";
}

/** Starts `threads` lanes. Throws `unavailable` when the memory cannot be had. */
export async function startLanes(threads: number, options: LanesOptions): Promise<LaneGroup> {
  return (threads > 1 && (await startThreads(threads, options))) || startHere(options);
}

async function startHere({ task, bytes, prepare }: LanesOptions): Promise<LaneGroup> {
  const memory = allocate(bytes, false);
  const control = LaneControl.create(1, false);
  const load = await loadLaneTask(task);
  const work = await load({ index: 0, lanes: 1, memory, control, setup: prepare(memory, 1) });
  return { lanes: 1, memory, control, run: async (job) => [await work(job)], end: () => Promise.resolve() };
}

async function startThreads(lanes: number, { task, bytes, prepare }: LanesOptions): Promise<LaneGroup | undefined> {
  if (!threadsPossible()) return undefined;
  // Spelled so that no bundler looks for it: it would take the file along without its imports.
  const module = import.meta.url.replace(/[^/]*(\.[tj]s)$/, "lane-worker$1");
  const threads: Thread[] = [];
  for (let i = 0; i < lanes; i += 1) {
    const thread = startThread(new URL(module));
    if (!thread) return undefined;
    threads.push(thread);
  }
  const memory = allocate(bytes, true);
  const control = LaneControl.create(lanes, true);
  const shared = { task, lanes, memory, control: control.buffer as SharedArrayBuffer, setup: prepare(memory, lanes) };
  const started = threads.map((thread, index) => new LaneThread(thread, { ...shared, index }));
  const end = async (): Promise<void> => void (await Promise.all(started.map((lane) => lane.end())));
  try {
    await Promise.all(started.map((lane) => lane.ready));
  } catch (error) {
    await end();
    // A bundled program may lack the thread's file; the work itself goes on here.
    if (error instanceof SemspaceError && error.code === "unavailable") return undefined;
    throw error;
  }
  return {
    ...{ lanes, memory, control, end },
    async run(job) {
      const settled = await Promise.allSettled(
        started.map((lane) => lane.send(job).catch((error: unknown) => fail(error))),
      );
      const failed = settled.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
      return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value);
    },
  };

  /** One lane's failure ends the others' job. */
  function fail(error: unknown): never {
    control.stop();
    throw error;
  }
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: SemspaceError) => void;
}

/** One thread and the jobs it has not answered yet; it answers in order. */
class LaneThread {
  readonly ready: Promise<unknown>;
  readonly #thread: Thread;
  readonly #waiting: Waiting[] = [];
  #ended: SemspaceError | undefined;

  constructor(thread: Thread, start: LaneStart) {
    this.#thread = thread;
    thread.listen(
      (message) => this.#settle(message as LaneAnswer),
      (error) => this.#fail(error),
    );
    this.ready = this.send(start);
  }

  send(message: unknown): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#thread.keepAlive(true);
      this.#thread.post(message);
    });
  }

  end(): Promise<void> {
    this.#ended ??= new SemspaceError("disposed", "The threads of this training were ended.");
    return this.#thread.end();
  }

  #settle(answer: LaneAnswer): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#thread.keepAlive(false);
    if ("result" in answer) waiting?.resolve(answer.result);
    else waiting?.reject(new SemspaceError(answer.code as SemspaceErrorCode, answer.message));
  }

  #fail(cause: unknown): void {
    const reason = cause instanceof Error ? `: ${cause.message}` : "";
    this.#ended ??= new SemspaceError("unavailable", `A thread of the training ended${reason}. Use threads: 1.`, {
      cause,
    });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}

/** Throws `unavailable` when so many bytes are more than a WebAssembly memory has. To be called before they are allocated elsewhere. */
export function checkTrainingMemory(bytes: number): void {
  if (bytes <= LARGEST_MEMORY) return;
  const message = `This training needs ${(bytes / 2 ** 30).toFixed(1)} GB for its vectors, WebAssembly has 4. Use fewer words (minCount, maxVocabulary) or dimensions.`;
  throw new SemspaceError("unavailable", message);
}

function allocate(bytes: number, shared: boolean): WebAssembly.Memory {
  checkTrainingMemory(bytes);
  const pages = Math.ceil(bytes / PAGE);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (cause) {
    throw new SemspaceError("unavailable", `No memory for ${bytes} bytes of vectors. Use fewer words or dimensions.`, {
      cause,
    });
  }
}
