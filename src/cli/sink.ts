/** Where a command's bytes go: standard output, a file that appears when it is complete, or a scratch file that is poured out at the end. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SemspaceError } from "../errors.ts";
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

/**
 * A sink for `output`, or for standard output; `rewritten` when a position will be written to again. A link is followed, and a device or
 * a pipe is written to, never replaced by a file. Throws `invalid-argument` for a folder.
 */
export async function openSink(output: string | undefined, rewritten: boolean, terminal: Terminal): Promise<Sink> {
  const there = output === undefined ? undefined : await stat(output).catch(() => undefined);
  if (there?.isDirectory()) throw new SemspaceError("invalid-argument", `${output} is a folder. Name a file in it.`);
  if (output !== undefined && (!there || there.isFile())) {
    const file = await TemporaryFile.beside(there ? await realpath(output) : output);
    return { ...positioned(file), end: () => file.keep() };
  }
  const stream: Stream =
    output === undefined ? { write: (data) => terminal.write(data), async end() {} } : device(output);
  if (!rewritten) return { ...stream, async discard() {} };
  const file = await scratchFile();
  return {
    ...positioned(file),
    async end() {
      await pour(file, stream);
      await stream.end();
    },
  };
}

interface Stream {
  write(data: string | Uint8Array): Promise<void>;
  end(): Promise<void>;
}

function positioned(file: TemporaryFile): Pick<Sink, "write" | "discard"> {
  return {
    write: (data, position) => file.write(typeof data === "string" ? Buffer.from(data) : data, position),
    discard: () => file.discard(),
  };
}

/** A device or a named pipe. */
function device(path: string): Stream {
  const stream = createWriteStream(path);
  const failed = new Promise<never>((_, reject) => {
    stream.on("error", (cause: NodeJS.ErrnoException) => {
      reject(new SemspaceError("unavailable", `Cannot write ${path} (${cause.code}).`, { cause }));
    });
  });
  failed.catch(() => undefined); // said by the write or the end that waits for it
  return {
    async write(data) {
      if (!stream.write(data)) await Promise.race([once(stream, "drain"), failed]);
    },
    async end() {
      const finished = once(stream, "close");
      stream.end();
      await Promise.race([failed, finished]);
    },
  };
}

/** A file among the machine's temporary ones, removed when it is discarded or the program ends. */
export function scratchFile(): Promise<TemporaryFile> {
  return TemporaryFile.beside(join(tmpdir(), `semspace-${Math.random().toString(36).slice(2)}`));
}

async function pour(file: TemporaryFile, stream: Stream): Promise<void> {
  const chunk = 1 << 20;
  for (let at = 0; ; at += chunk) {
    const bytes = new Uint8Array(chunk);
    const read = await file.read(bytes, at);
    if (read > 0) await stream.write(bytes.subarray(0, read));
    if (read < chunk) break;
  }
  await file.discard();
}
