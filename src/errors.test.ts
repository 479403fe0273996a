import { expect, test } from "vitest";
import { oneOf, SemspaceError, shown, wholeNumber } from "./errors.ts";

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

test("a value of a file is shown whatever it is: cut short, too deep for JSON, or no JSON at all", () => {
  expect([3, "a", null, [1], Number.NaN, 2n, undefined].map(shown)).toEqual([
    "3",
    '"a"',
    "null",
    "[1]",
    "NaN",
    "2",
    "undefined",
  ]);
  expect(shown("x".repeat(1000))).toBe(`"${"x".repeat(59)}…`);
  const deep: unknown = JSON.parse("[".repeat(200_000) + "]".repeat(200_000));
  // Some engines write such a value out, in others it is too deep for that.
  for (const text of [deep, { deep }].map(shown)) expect(text).toMatch(/^[[{].{1,59}…|^\[…\]$|^\{…\}$/);
});
