/**
 * Threads that scan blocks together with the calling thread. Which lane scans which rows is left to chance, what is found is not: a row's
 * score depends on nothing else, and equal scores are ordered by row.
 */
import { startThread } from "#platform";
import type { Thread } from "../../platform/platform.ts";
import { BestRows, type FoundRows } from "./best-rows.ts";
import { MAX_LANES } from "./block-layout.ts";
import type { ScanJob } from "./scan-lane.ts";
import type { ScanAnswer, ScanRequest } from "./scan-worker.ts";
import type { VectorBlock } from "./vector-block.ts";

/** Multiplications below which waking a thread costs more than it saves. */
const WORTH_THREADS = 4_000_000;

export class ScanThreads {
  readonly #lanes: number;
  readonly #blocks = new Map<VectorBlock, number>();
  #threads: LaneThread[] | undefined;

  /** `lanes` counts the calling thread. The others start with the first scan that is worth it. */
  constructor(lanes: number) {
    this.#lanes = Math.min(lanes, MAX_LANES);
  }

  /** What all lanes found together, by query. */
  async scan(block: VectorBlock, job: ScanJob): Promise<FoundRows[]> {
    block.begin();
    const work = job.rows * job.queryCount * (job.firstDimensions ?? block.layout.dimensions);
    if (!block.shared || this.#lanes < 2 || work < WORTH_THREADS) return block.scan(job);
    const threads = (this.#threads ??= startLanes(this.#lanes - 1));
    const id = this.#blocks.get(block) ?? this.#blocks.size;
    this.#blocks.set(block, id);
    const { memory, layout } = block;
    const others = threads.map((thread, i) =>
      // A thread that is gone leaves its chunks to the others: those it had taken are scanned again below.
      thread.send({ lane: i + 1, block: id, job }, { memory, layout }).catch(() => undefined),
    );
    const own = block.scan(job);
    const answers = await Promise.all(others);
    if (answers.includes(undefined)) {
      this.#threads = threads.filter((_, i) => answers[i] !== undefined);
      block.begin();
      return block.scan(job);
    }
    return own.map((found, query) => {
      const best = new BestRows(Math.min(job.k, job.rows));
      best.pushAll(found);
      for (const answer of answers) best.pushAll(answer![query]);
      return best.sorted();
    });
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads?.map((thread) => thread.end()) ?? []);
    this.#threads = undefined;
    this.#blocks.clear();
  }
}

function startLanes(count: number): LaneThread[] {
  // Spelled so that no bundler looks for it: it would take the file along without its imports.
  const module = import.meta.url.replace(/[^/]*(\.[tj]s)$/, "scan-worker$1");
  const threads: LaneThread[] = [];
  for (let i = 0; i < count; i += 1) {
    const thread = startThread(new URL(module));
    if (thread) threads.push(new LaneThread(thread));
  }
  return threads;
}

interface Waiting {
  resolve: (found: FoundRows[]) => void;
  reject: (error: unknown) => void;
}

class LaneThread {
  readonly #thread: Thread;
  readonly #known = new Set<number>();
  #waiting: Waiting | undefined;
  #ended = false;

  constructor(thread: Thread) {
    this.#thread = thread;
    thread.listen(
      (message) => this.#settle(message as ScanAnswer),
      (error) => this.#fail(error),
    );
  }

  /** One job at a time. Rejects when the thread ends. */
  send(request: ScanRequest, open: ScanRequest["open"]): Promise<FoundRows[]> {
    if (this.#ended) return Promise.reject(new Error("The thread has ended."));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#thread.keepAlive(true);
      this.#thread.post(this.#known.has(request.block) ? request : { ...request, open });
      this.#known.add(request.block);
    });
  }

  end(): Promise<void> {
    this.#ended = true;
    return this.#thread.end();
  }

  #settle(answer: ScanAnswer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#thread.keepAlive(false);
    if ("found" in answer) waiting?.resolve(answer.found);
    else waiting?.reject(new Error(answer.message));
  }

  #fail(error: unknown): void {
    this.#ended = true;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
