/** Runs the real command line from the sources, as a process of its own, in a temporary folder of the test file. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

/** The folder that `semspace` runs in. */
export const root: string = mkdtempSync(join(tmpdir(), "semspace-cli-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What Node needs before the command's own arguments. */
export const semspaceArguments: readonly string[] = [
  "--import",
  import.meta.resolve("tsx"),
  "--conditions=semspace-source",
  join(import.meta.dirname, "../src/cli/main.ts"),
];

export interface Result {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  bytes: Buffer;
  err: string;
}

/** Runs `semspace` in the temporary folder; `end` closes its standard output after that many bytes. */
export function semspace(
  args: readonly string[],
  {
    input = "",
    cache = ".cache",
    closeAfter,
    killAfter,
    environment = {},
  }: {
    input?: string;
    cache?: string;
    closeAfter?: number;
    killAfter?: (child: ReturnType<typeof spawn>) => void;
    environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<Result> {
  const child = spawn(process.execPath, [...semspaceArguments, ...args], {
    cwd: root,
    env: { ...process.env, SEMSPACE_CACHE: join(root, cache), NO_COLOR: "1", ...environment },
  });
  child.stdin.on("error", () => undefined); // the program may end before it has read everything
  child.stdin.end(input);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    out.push(chunk);
    if (closeAfter !== undefined && Buffer.concat(out).length >= closeAfter) child.stdout.destroy();
  });
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  killAfter?.(child);
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      const bytes = Buffer.concat(out);
      resolve({ code, signal, bytes, out: bytes.toString(), err: Buffer.concat(err).toString() });
    });
  });
}

/** Writes a file in that folder; gives its name. */
export function write(name: string, content: string | Uint8Array): string {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), content);
  return name;
}

/** What `--json` printed. */
export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
