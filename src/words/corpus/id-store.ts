/**
 * A long row of int32 ids that grows at its end: in memory, shared between threads where this runtime can, and from a given
 * size on in a temporary file, of which only blocks are in memory.
 */
import { temporaryFile } from "#platform";
import type { TemporaryFile } from "../../platform/platform.ts";

/** Ids in a block: 1 MB. */
const BLOCK = 1 << 18;

/** Blocks that may be filled between two calls of `settle`. */
const SPARE = 4;

/** What a thread needs to read the ids of another; a structured clone of it shares the memory. */
export interface IdPlace {
  length: number;
  blocks: readonly Int32Array[];
  path: string | undefined;
}

/** Reads ids that another thread, or this one, has stored. */
export interface IdReader {
  readonly length: number;
  /** Ids `from … from + target.length`, fewer at the end; gives how many. */
  read(from: number, target: Int32Array): Promise<number>;
  close(): Promise<void>;
}

export class IdStore {
  #length = 0;
  #blocks: Int32Array[] = [];
  #file: TemporaryFile | undefined;
  /** Ids in the file. */
  #written = 0;
  #block: Int32Array = newBlock();
  /** Blocks that are in the file and can be filled again. */
  #spare: Int32Array[] = [];
  #used = 0;
  readonly #limit: number;
  readonly #path: string | undefined;

  /**
   * @param limit bytes in memory from which on the ids go to a file.
   * @param path an empty temporary file that another thread has made; default: one of this thread's own.
   */
  constructor(limit: number, path?: string) {
    this.#limit = limit;
    this.#path = path;
  }

  /** Ids pushed, after `finish` those that are left. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that were written to the file. */
  get spilled(): number {
    return this.#written * 4;
  }

  push(id: number): void {
    if (this.#used === BLOCK) {
      this.#blocks.push(this.#block);
      this.#block = this.#spare.pop() ?? newBlock();
      this.#used = 0;
    }
    this.#block[this.#used] = id;
    this.#used += 1;
    this.#length += 1;
  }

  /** Pushes many at once, and moves what is above the limit to the file. */
  async append(ids: Int32Array): Promise<void> {
    for (let done = 0; done < ids.length;) {
      if (this.#used === BLOCK) {
        this.#blocks.push(this.#block);
        this.#block = this.#spare.pop() ?? newBlock();
        this.#used = 0;
        await this.settle();
      }
      const part = ids.subarray(done, done + BLOCK - this.#used);
      this.#block.set(part, this.#used);
      this.#used += part.length;
      this.#length += part.length;
      done += part.length;
    }
  }

  /** Ends the row as it is; nothing is pushed after it. */
  async seal(): Promise<void> {
    this.#blocks.push(this.#block.subarray(0, this.#used));
    this.#used = 0;
    await this.settle();
  }

  /** Moves what is above the limit to the file; to be awaited now and then while ids are pushed. */
  async settle(): Promise<void> {
    if (!this.#file) {
      if (this.#blocks.length * BLOCK * 4 <= this.#limit) return;
      this.#file = await temporaryFile(this.#path, true);
      if (!this.#file) return;
    }
    for (const block of this.#blocks) {
      await this.#file.write(this.#written * 4, bytesOf(block));
      this.#written += block.length;
    }
    this.#spare = this.#blocks.filter((block) => block.length === BLOCK).slice(0, SPARE);
    this.#blocks = [];
  }

  /** Ends the row: replaces every id by `to(id)`, in place; ids for which that is `drop` vanish. */
  async finish(to: (id: number) => number, drop: number): Promise<void> {
    this.#blocks.push(this.#block.subarray(0, this.#used));
    this.#used = 0;
    await this.settle();
    const block = new Int32Array(BLOCK);
    let kept = 0;
    for (let from = 0; from < this.#length; from += BLOCK) {
      const count = await readIds(this.#blocks, this.#file, { from, to: this.#length, target: block });
      let end = 0;
      for (let i = 0; i < count; i += 1) {
        const id = to(block[i]);
        if (id === drop) continue;
        block[end] = id;
        end += 1;
      }
      await this.#put(kept, block.subarray(0, end));
      kept += end;
    }
    this.#length = kept;
    this.#blocks.length = Math.min(this.#blocks.length, Math.ceil(kept / BLOCK));
  }

  place(): IdPlace {
    return { length: this.#length, blocks: this.#blocks, path: this.#file?.path };
  }

  /** Closes the file, which stays for those who open it by its place. */
  async close(): Promise<void> {
    await this.#file?.close();
  }

  /** Gives the memory back and removes the file. */
  async dispose(): Promise<void> {
    this.#blocks = [];
    this.#length = 0;
    await this.#file?.remove();
    this.#file = undefined;
  }

  async #put(at: number, ids: Int32Array): Promise<void> {
    if (this.#file) {
      await this.#file.write(at * 4, bytesOf(ids));
      return;
    }
    for (let done = 0; done < ids.length;) {
      const offset = (at + done) % BLOCK;
      const count = Math.min(ids.length - done, BLOCK - offset);
      this.#blocks[Math.floor((at + done) / BLOCK)].set(ids.subarray(done, done + count), offset);
      done += count;
    }
  }
}

/** Opens what {@link IdStore.place} gave. */
export async function openIds({ length, blocks, path }: IdPlace): Promise<IdReader> {
  const file = path === undefined ? undefined : await temporaryFile(path);
  return {
    length,
    read: (from, target) => readIds(blocks, file, { from, to: length, target }),
    close: async () => file?.close(),
  };
}

async function readIds(
  blocks: readonly Int32Array[],
  file: TemporaryFile | undefined,
  { from, to, target }: { from: number; to: number; target: Int32Array },
): Promise<number> {
  const count = Math.max(0, Math.min(target.length, to - from));
  if (file) {
    await file.read(from * 4, bytesOf(target.subarray(0, count)));
    return count;
  }
  for (let done = 0; done < count;) {
    const offset = (from + done) % BLOCK;
    const part = blocks[Math.floor((from + done) / BLOCK)].subarray(offset, offset + count - done);
    target.set(part, done);
    done += part.length;
  }
  return count;
}

function newBlock(): Int32Array {
  return new Int32Array(
    typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(BLOCK * 4) : new SharedArrayBuffer(BLOCK * 4),
  );
}

function bytesOf(ids: Int32Array): Uint8Array {
  return new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);
}
