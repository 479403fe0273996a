import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kernelFiles } from "../../scripts/build-kernels.ts";

test.each(Object.entries(kernelFiles))("%s is what assembly/ compiles to, byte for byte", async (name, build) => {
  expect(readFileSync(join(import.meta.dirname, name), "utf8")).toBe(await build());
});
