import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kernelCode } from "../../scripts/build-kernels.ts";

test("the committed kernels are what assembly/ compiles to, byte for byte", async () => {
  expect(readFileSync(join(import.meta.dirname, "wasm-code.ts"), "utf8")).toBe(await kernelCode());
});
