import { expect, test } from "vitest";
import * as browser from "./browser.ts";
import * as node from "./node.ts";
import type { Platform } from "./platform.ts";

test("a file is not written in the place of a folder", async () => {
  await expect(node.writeBytes("src", new Uint8Array(1))).rejects.toThrow("src is a folder. Name a file in it.");
});

test("Node and the browser offer the same platform", () => {
  const both: Platform[] = [node, browser];
  const [first, second] = both.map((platform) => Object.keys(platform).toSorted());
  expect(first).toEqual(second);
});
