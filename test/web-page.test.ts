/** examples/06-web-page on a plain file host, in a real Chromium, with `dist/browser.js`. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "./chromium.ts";
import { serveFolder } from "./static-server.ts";

const root = join(import.meta.dirname, "..");

describe.skipIf(!chromiumPath)("the static web page", () => {
  beforeAll(() => {
    execFileSync(process.execPath, [
      join(root, "node_modules/tsx/dist/cli.mjs"),
      join(root, "scripts/build-browser.ts"),
    ]);
  }, 120_000);

  test("finds texts by meaning in the page, and asks no other host for anything", async () => {
    const host = await serveFolder(root);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
      const problems: string[] = [];
      const requested: string[] = [];
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      page.on("request", (request) => requested.push(request.url()));
      await page.goto(`${host.url}/examples/06-web-page/`);
      await page.waitForFunction(() => document.querySelector("#results")?.children.length === 5);
      expect(await page.textContent("#results li")).toContain("A telescope in Chile");
      await page.fill("#query", "classical concert");
      await page.waitForFunction(() => document.querySelector("#results li")?.textContent?.includes("Brahms"));
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
      expect(problems).toEqual([]);
      expect(requested.filter((url) => !url.startsWith(host.url) && !url.startsWith("data:"))).toEqual([]);
      if (process.env["SEMSPACE_SCREENSHOT"]) await page.screenshot({ path: process.env["SEMSPACE_SCREENSHOT"] });
    } finally {
      await browser.close();
      host.close();
    }
  });
});
