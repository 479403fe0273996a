/** Where a command's bytes go: standard output, a file that appears when it is complete, or a scratch file that is poured out at the end. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TemporaryFile } from "./temporary-file.ts";
import type { Terminal } from "./terminal.ts";

export interface Sink {
  /** Appends; or overwrites from `position`, which only files can. */
  write(data: string | Uint8Array, position?: number): Promise<void>;
  /** Everything was written: the file gets its name. */
  end(): Promise<void>;
  /** Takes back what is not complete; standard output keeps what it got. */
  discard(): Promise<void>;
}

/** A sink for `output`, or for standard output; `rewritten` when a position will be written to again. */
export async function openSink(output: string | undefined, rewritten: boolean, terminal: Terminal): Promise<Sink> {
  if (output === undefined && !rewritten)
    return { write: (data) => terminal.write(data), async end() {}, async discard() {} };
  const file = output === undefined ? await scratchFile() : await TemporaryFile.beside(output);
  return {
    write: (data, position) => file.write(typeof data === "string" ? Buffer.from(data) : data, position),
    end: () => (output === undefined ? pour(file, terminal) : file.keep()),
    discard: () => file.discard(),
  };
}

/** A file among the machine's temporary ones, removed when it is discarded or the program ends. */
export function scratchFile(): Promise<TemporaryFile> {
  return TemporaryFile.beside(join(tmpdir(), `semspace-${Math.random().toString(36).slice(2)}`));
}

async function pour(file: TemporaryFile, terminal: Terminal): Promise<void> {
  const chunk = 1 << 20;
  for (let at = 0; ; at += chunk) {
    const bytes = new Uint8Array(chunk);
    const read = await file.read(bytes, at);
    if (read > 0) await terminal.write(bytes.subarray(0, read));
    if (read < chunk) break;
  }
  await file.discard();
}
