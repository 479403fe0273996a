import { expect, test } from "vitest";
import { alibiSlopes } from "./alibi.ts";

test("slopes are those of the paper for 8 heads, and lie between powers of two for other numbers", () => {
  expect(alibiSlopes(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((power) => 2 ** -power));
  // As the paper's own code has it for 12: those of 8, then every other one of 16.
  expect(alibiSlopes(12).slice(8)).toEqual([0.5, 1.5, 2.5, 3.5].map((power) => expect.closeTo(2 ** -power, 12)));
  expect(alibiSlopes(1)).toEqual([2 ** -8]);
});
