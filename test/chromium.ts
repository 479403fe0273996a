/** A real Chromium for tests of whole pages. */
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** The browser's program, or undefined where there is none: those tests skip. */
export const chromiumPath: string | undefined =
  process.env["SEMSPACE_CHROMIUM"] ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath!, args: ["--no-sandbox", "--disable-gpu"] });
}
