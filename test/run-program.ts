/** Runs a TypeScript program of this repository as its own process, as a user would. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..");
const run = promisify(execFile);

/** What the program prints on stdout. Rejects with its stderr when it fails. */
export async function runProgram(path: string, args: readonly string[] = []): Promise<string> {
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const { stdout } = await run(process.execPath, [tsx, "--conditions=semspace-source", path, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1" },
    maxBuffer: 1 << 26,
  });
  return stdout;
}
