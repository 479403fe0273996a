/**
 * A file that is complete or not there: written beside its place under another name, renamed at the end,
 * and removed when the program fails or is ended (Ctrl-C gives exit code 130).
 */
import { rmSync } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { SemspaceError } from "../errors.ts";
import { endOnSignals } from "./end-on-signals.ts";

export class TemporaryFile {
  readonly #target: string;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #release: () => void;
  readonly #remove = (): void => rmSync(this.#path, { force: true });

  /** Opens a temporary file beside `target`. Throws `missing-file` when its folder cannot be written. */
  static async beside(target: string): Promise<TemporaryFile> {
    const path = `${target}.${process.pid}.part`;
    const handle = await open(path, "w+").catch((cause: NodeJS.ErrnoException) => {
      throw new SemspaceError("missing-file", `Cannot write ${target} (${cause.code}). Does its folder exist?`, {
        cause,
      });
    });
    return new TemporaryFile(target, path, handle);
  }

  private constructor(target: string, path: string, handle: FileHandle) {
    this.#target = target;
    this.#path = path;
    this.#handle = handle;
    this.#release = endOnSignals(this.#remove);
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
