/**
 * Threads that share one memory and do the parts of a job together while the caller waits: for jobs of a few milliseconds, too short for
 * messages. The caller takes parts too, so that a job is done however many threads have started; what a part gives must not depend on
 * who takes it. A thread ends by itself when it had nothing to do for a while, and is started again when there is work.
 */
import { startThread } from "#platform";
import { SemspaceError } from "../errors.ts";
import type { Thread } from "../platform/platform.ts";
import { bytesOfBase64 } from "./base64.ts";
import type { TrainingKernelCode } from "./training-kernel.ts";

const PAGE = 65_536;
const LARGEST_MEMORY = 65_536 * PAGE;

/** Numbers that the members of a team share: the job and its next part in one, parts done, parts, kernel, parameters, members, failures. */
export const places: Readonly<
  Record<"next" | "done" | "parts" | "kernel" | "parameters" | "members" | "failed", number>
> = { next: 0, done: 1, parts: 2, kernel: 3, parameters: 4, members: 5, failed: 6 };
/** A job's number stands above the bits of its next part. */
export const PART_BITS = 11 as const;
export const PARTS = 2047 as const;

/** What a thread gets when it begins. */
export interface TeamStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: SharedArrayBuffer;
  kernels: readonly string[];
}

export type TeamKernel = (part: number, parts: number, parameters: number) => void;

export class Team {
  readonly memory: WebAssembly.Memory;
  /** Most threads at work, the caller's own included. */
  readonly threads: number;
  readonly #module: WebAssembly.Module;
  readonly #kernels: readonly string[];
  readonly #functions: readonly TeamKernel[];
  readonly #control: Int32Array;
  #started: Thread[] = [];
  #job = 0;

  /**
   * @param code whose exports have the signature of {@link TeamKernel}
   * @param bytes of memory to begin with
   */
  constructor(code: TrainingKernelCode, { bytes, threads }: { bytes: number; threads: number }) {
    const shared = typeof SharedArrayBuffer !== "undefined";
    const binary = bytesOfBase64(shared ? code.shared : code.plain);
    if (!WebAssembly.validate(binary)) {
      const message = "Training needs WebAssembly SIMD. Use Node 20 or a browser of 2023 or later.";
      throw new SemspaceError("unavailable", message);
    }
    this.threads = shared ? threads : 1;
    this.memory = allocate(bytes, shared);
    this.#module = new WebAssembly.Module(binary);
    const { exports } = new WebAssembly.Instance(this.#module, { env: { memory: this.memory } });
    this.#kernels = Object.keys(exports).filter((name) => typeof exports[name] === "function");
    this.#functions = this.#kernels.map((name) => exports[name] as TeamKernel);
    this.#control = new Int32Array(shared ? new SharedArrayBuffer(64) : new ArrayBuffer(64));
  }

  /** Does the parts 0 … parts − 1 of a kernel's job, all of them before it returns. Throws `unavailable` when one fails. */
  run(kernel: string, parts: number, parameters: number): void {
    const control = this.#control;
    const index = this.#kernels.indexOf(kernel);
    this.#job = (this.#job + 1) % 2 ** (31 - PART_BITS);
    Atomics.store(control, places.done, 0);
    Atomics.store(control, places.parts, parts);
    Atomics.store(control, places.kernel, index);
    Atomics.store(control, places.parameters, parameters);
    Atomics.store(control, places.next, this.#job << PART_BITS);
    if (this.threads > 1 && parts > 1) this.#wake();
    for (let part = takePart(control, this.#job); part >= 0; part = takePart(control, this.#job)) {
      this.#functions[index](part, parts, parameters);
      Atomics.add(control, places.done, 1);
    }
    for (let done = Atomics.load(control, places.done); done < parts; done = Atomics.load(control, places.done)) {
      Atomics.wait(control, places.done, done, 1000);
    }
    if (Atomics.load(control, places.failed) > 0) {
      throw new SemspaceError("unavailable", `A thread failed at the kernel ${kernel}. Use threads: 1.`);
    }
  }

  /** Makes the memory at least so large. Views of a memory that is not shared have to be made anew. Throws `unavailable`. */
  reserve(bytes: number): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.memory.grow(Math.ceil(missing / PAGE));
    } catch (cause) {
      throw noMemory(bytes, cause);
    }
  }

  /** Ends the threads; the memory goes when nothing refers to it any more. */
  async end(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((thread) => thread.end()));
  }

  #wake(): void {
    if (this.#started.length === 0) this.#start();
    if (Atomics.load(this.#control, places.members) > 0) Atomics.notify(this.#control, places.next);
  }

  /** A runtime that cannot start threads goes on with this one. */
  #start(): void {
    // Spelled so that no bundler looks for it: it would take the file along without its imports.
    const module = import.meta.url.replace(/team(\.[tj]s)$/, "team-worker$1");
    if (module === import.meta.url) return;
    for (let i = 1; i < this.threads; i += 1) {
      const thread = startThread(new URL(module));
      if (!thread) return;
      thread.listen(
        () => undefined,
        () => (this.#started = this.#started.filter((each) => each !== thread)),
      );
      const control = this.#control.buffer as SharedArrayBuffer;
      const start: TeamStart = { module: this.#module, memory: this.memory, control, kernels: this.#kernels };
      thread.post(start);
      this.#started.push(thread);
    }
  }
}

/** The next part of the job that nobody has taken yet; -1 when there is none or the job is over. */
export function takePart(control: Int32Array, job: number): number {
  for (;;) {
    const next = Atomics.load(control, places.next);
    const part = next & PARTS;
    if (next >> PART_BITS !== job || part >= Atomics.load(control, places.parts)) return -1;
    if (Atomics.compareExchange(control, places.next, next, next + 1) === next) return part;
  }
}

function allocate(bytes: number, shared: boolean): WebAssembly.Memory {
  const initial = Math.ceil(bytes / PAGE);
  if (bytes > LARGEST_MEMORY) throw noMemory(bytes);
  try {
    return new WebAssembly.Memory({ initial, maximum: LARGEST_MEMORY / PAGE, shared });
  } catch (cause) {
    throw noMemory(bytes, cause);
  }
}

function noMemory(bytes: number, cause?: unknown): SemspaceError {
  const message = `No memory for ${bytes} bytes of a training; WebAssembly has 4 GB. Use a smaller batch or fewer dimensions.`;
  return new SemspaceError("unavailable", message, { cause });
}
