/**
 * A file that is complete or not there: written beside its place under another name, renamed at the end,
 * and removed when the program fails or is ended (Ctrl-C gives exit code 130).
 */
import { rmSync } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { SemspaceError } from "../errors.ts";
import { endOnSignals } from "./end-on-signals.ts";

interface Parts {
  target: string;
  path: string;
  handle: FileHandle;
  remove: () => void;
  release: () => void;
}

export class TemporaryFile {
  readonly #target: string;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #remove: () => void;
  readonly #release: () => void;

  /** Opens a temporary file beside `target`. Throws `missing-file` when its folder cannot be written. */
  static async beside(target: string): Promise<TemporaryFile> {
    const path = `${target}.${process.pid}.part`;
    const remove = (): void => rmSync(path, { force: true });
    // Before the file is there: a signal in between would leave it.
    const release = endOnSignals(remove);
    const handle = await open(path, "w+").catch((cause: NodeJS.ErrnoException) => {
      release();
      throw new SemspaceError("missing-file", `Cannot write ${target} (${cause.code}). Does its folder exist?`, {
        cause,
      });
    });
    return new TemporaryFile({ target, path, handle, remove, release });
  }

  private constructor({ target, path, handle, remove, release }: Parts) {
    this.#target = target;
    this.#path = path;
    this.#handle = handle;
    this.#remove = remove;
    this.#release = release;
  }

  /** Appends bytes, or writes them at `position`. Throws `unavailable` when the disk takes no more. */
  async write(bytes: Uint8Array, position?: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#handle
        .write(bytes, done, bytes.length - done, position === undefined ? null : position + done)
        .catch((cause: NodeJS.ErrnoException) => {
          throw new SemspaceError("unavailable", `Cannot write ${this.#target} (${cause.code}). Is the disk full?`, {
            cause,
          });
        });
      done += bytesWritten;
    }
  }

  /** Reads up to `bytes.length` bytes from `position`; gives how many there were. */
  async read(bytes: Uint8Array, position: number): Promise<number> {
    let done = 0;
    for (;;) {
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.length - done, position + done);
      done += bytesRead;
      if (bytesRead === 0 || done === bytes.length) return done;
    }
  }

  /** Puts the file in its place. */
  async keep(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
    await rename(this.#path, this.#target);
    this.#release();
  }

  /** Removes the file. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    this.#remove();
    this.#release();
  }
}
