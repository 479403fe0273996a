import { expect, test } from "vitest";
import { oneOf, SemspaceError, wholeNumber } from "./errors.ts";

test("an error carries its code, its message and its cause", () => {
  const cause = new Error("disk");
  const error = new SemspaceError("missing-file", "No such file: a.txt.", { cause });
  expect(error).toMatchObject({ name: "SemspaceError", code: "missing-file", cause });
});

test("an unknown choice is answered with what was got and what is allowed", () => {
  expect(oneOf("pooling", "mean", ["mean", "cls"])).toBe("mean");
  expect(() => oneOf("pooling", "avg", ["mean", "cls"])).toThrow('Unknown pooling "avg". Use one of: mean, cls.');
});

test("a whole number is told from everything else", () => {
  expect(wholeNumber("top", 3, 1)).toBe(3);
  for (const bad of [0, 1.5, Number.NaN, "3", undefined]) {
    expect(() => wholeNumber("top", bad, 1)).toThrow("top must be a whole number of at least 1");
  }
});
