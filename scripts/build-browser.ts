/** Builds `dist/browser.js`: the package in one module, for pages without a bundler. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const outfile = join(root, "dist/browser.js");

// The kernels are inside as text; the model stays in `models/default` beside `dist`, and the page fetches it from there.
await build({
  entryPoints: [join(root, "src/browser.ts")],
  outfile,
  allowOverwrite: true,
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2024",
  minify: true,
  legalComments: "none",
  conditions: ["semspace-source", "browser"],
  external: ["onnxruntime-node", "onnxruntime-web", "unpdf"],
  // platform/browser.ts lies one folder deeper than the bundle.
  define: { "import.meta.url": "semspaceModuleUrl" },
  banner: { js: 'const semspaceModuleUrl = new URL("./platform/browser.js", import.meta.url).href;' },
});
console.log(`dist/browser.js: ${(statSync(outfile).size / 1024).toFixed(0)} KB`);
