/** Builds `dist/`: the library file by file with tsc, and `dist/browser.js`, one file for pages without a bundler. */
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
compile();
makeCommandExecutable();
await bundleForPages();
await checkPackage();

function compile(): void {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
}

/** npm makes `semspace` a link to this file. */
function makeCommandExecutable(): void {
  const main = join(dist, "cli/main.js");
  if (!readFileSync(main, "utf8").startsWith("#!/usr/bin/env node\n")) throw new Error(`${main} has no #! line.`);
  chmodSync(main, 0o755);
}

/** The kernels are inside as text; the model stays in `models/default` beside `dist`, and the page fetches it from there. */
async function bundleForPages(): Promise<void> {
  const outfile = join(dist, "browser.js");
  await build({
    entryPoints: [join(root, "src/browser.ts")],
    outfile,
    allowOverwrite: true,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    conditions: ["semspace-source", "browser"],
    external: ["onnxruntime-node"],
    // platform/browser.ts lies one folder deeper than the bundle.
    define: { "import.meta.url": "semspaceModuleUrl" },
    banner: { js: 'const semspaceModuleUrl=new URL("./platform/browser.js",import.meta.url).href;' },
  });
  console.log(`dist/browser.js: ${(statSync(outfile).size / 1024).toFixed(0)} KB`);
}

async function checkPackage(): Promise<void> {
  const { messages, pkg } = await publint({ pkgDir: root, strict: true });
  for (const message of messages) console.error(formatMessage(message, pkg));
  if (messages.length) process.exitCode = 1;
}
