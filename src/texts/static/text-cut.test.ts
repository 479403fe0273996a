import { expect, test } from "vitest";
import { firstCodePoints, medianTokenLength } from "./text-cut.ts";

test("the median counts code points and is rounded down", () => {
  expect(medianTokenLength(["a", "bbb", "cc"])).toBe(2);
  expect(medianTokenLength(["a", "bb", "ccc", "dddd"])).toBe(2);
  expect(medianTokenLength(["😀😀", "a", "a", "😀😀"])).toBe(1);
  expect(medianTokenLength([])).toBe(0);
});

test("a text is cut between code points, never inside one", () => {
  expect(firstCodePoints("abc", 3)).toBe("abc");
  expect(firstCodePoints("abcd", 3)).toBe("abc");
  expect(firstCodePoints("a😀b😀", 3)).toBe("a😀b");
  expect(firstCodePoints("😀😀", 2)).toBe("😀😀");
  expect(firstCodePoints("\ud800\ud800x", 2)).toBe("\ud800\ud800");
  expect(firstCodePoints("abc", 0)).toBe("");
});
