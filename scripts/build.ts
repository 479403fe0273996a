/** Builds `dist/`: the library file by file with tsc, then the bundled command line and `dist/browser.js`; then publint looks at the package. */
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
compile();
await import("./build-cli.ts");
makeCommandExecutable();
await import("./build-browser.ts");
await checkPackage();

function compile(): void {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

/** npm makes `semspace` a link to this file. */
function makeCommandExecutable(): void {
  const main = join(dist, "cli/main.js");
  if (!readFileSync(main, "utf8").startsWith("#!/usr/bin/env node\n")) throw new Error(`${main} has no #! line.`);
  chmodSync(main, 0o755);
}

async function checkPackage(): Promise<void> {
  const { messages, pkg } = await publint({ pkgDir: root, strict: true });
  for (const message of messages) console.error(formatMessage(message, pkg));
  if (messages.length) process.exitCode = 1;
}
