/** The name of a folder beside its later place, which is removed when the program fails or is ended before it was renamed. */
import { rmSync } from "node:fs";
import { endOnSignals } from "./end-on-signals.ts";

export class TemporaryFolder {
  readonly path: string;
  readonly #release: () => void;

  constructor(target: string) {
    this.path = `${target.replace(/[/\\]+$/, "")}.${process.pid}.part`;
    this.#release = endOnSignals(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** Removes what was not renamed. */
  release(): void {
    rmSync(this.path, { recursive: true, force: true });
    this.#release();
  }
}
