/** Two projects: everything in Node, and the unit tests of the rooms that must run in a browser in real Chromium. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from "vitest/config";

const chromium =
  process.env["SEMSPACE_CHROMIUM"] ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const conditions = ["semspace-source"];
/** Where the tests' server finds the real models. */
const models = join(process.env["SEMSPACE_CACHE"] ?? join(homedir(), ".cache/semspace"), "models");

const node: TestProjectInlineConfiguration = {
  resolve: { conditions: [...conditions, "node", "import", "default"] },
  ssr: {
    resolve: { conditions: [...conditions, "node", "import", "default"], externalConditions: [...conditions, "node"] },
  },
  test: {
    name: "node",
    environment: "node",
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/*.browser.test.ts", "**/node_modules/**"],
    // No test asks the network for a model, whatever name it has.
    env: { HF_HUB_OFFLINE: "1" },
    testTimeout: 60_000,
  },
};

const browser: TestProjectInlineConfiguration = {
  resolve: { conditions: [...conditions, "browser", "import", "default"] },
  // Bundled beforehand it would not find its WebAssembly.
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  server: {
    fs: { allow: [import.meta.dirname, models] },
  },
  test: {
    name: "chromium",
    provide: { models },
    include: ["src/{kernels,matrix,formats,hub,tokenizers,words,texts}/**/*.test.ts", "src/**/*.browser.test.ts"],
    exclude: ["**/*.node.test.ts", "**/node_modules/**"],
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: chromium,
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
          ],
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
};

if (!chromium)
  console.warn(
    "No Chromium found: the browser tests are skipped. Install it (Debian: apt-get install chromium) or set SEMSPACE_CHROMIUM.",
  );

// .ci/run adds the numbers of its runs up from these files.
const { SEMSPACE_REPORT: report, SEMSPACE_REPORTS: reports } = process.env;

const config: ViteUserConfig = defineConfig({
  test: {
    projects: chromium ? [node, browser] : [node],
    ...(report && { reporters: ["default", "json"], outputFile: { json: `${reports}/${report}.json` } }),
  },
});
export default config;
