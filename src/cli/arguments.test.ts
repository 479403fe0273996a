import { expect, test } from "vitest";
import { readArguments, suggestion, UsageError } from "./arguments.ts";

const options = {
  top: { type: "whole", short: "n", least: 1, describe: "" },
  weight: { type: "number", describe: "" },
  format: { type: "string", choices: ["jsonl", "npy"], describe: "" },
  include: { type: "strings", describe: "" },
  json: { type: "flag", describe: "" },
} as const;
const read = (...args: string[]) => readArguments(args, options);

test("options may stand anywhere, lists repeat, and what is not given is empty", () => {
  expect(read("query", "--include", "*.md", "docs", "-n", "3", "--include=*.txt", "--json")).toEqual({
    values: { top: 3, weight: undefined, format: undefined, include: ["*.md", "*.txt"], json: true },
    positionals: ["query", "docs"],
  });
  expect(read().values).toEqual({ top: undefined, weight: undefined, format: undefined, include: [], json: false });
});

test("after -- everything is text, and a negative number is a value", () => {
  expect(read("--", "--top", "-x").positionals).toEqual(["--top", "-x"]);
  expect(() => read("--weight", "-1")).toThrow('--weight must be a number of at least 0, got "-1".');
});

test("an unknown option is refused with the nearest name", () => {
  expect(() => read("--tpo", "3")).toThrow("Unknown option --tpo. Did you mean --top?");
  expect(() => read("--zzzzzz")).toThrow(/^Unknown option --zzzzzz\.$/);
  expect(() => read("-x")).toThrow(UsageError);
  expect(() => read("--constructor")).toThrow("Unknown option --constructor.");
});

test("a value that is missing, of the wrong kind, or not among the choices is refused", () => {
  expect(() => read("--top")).toThrow("--top needs a value.");
  expect(() => read("--top", "--json")).toThrow("--top needs a value.");
  expect(() => read("--top", "2.5")).toThrow('--top must be a whole number of at least 1, got "2.5".');
  expect(() => read("--top", "")).toThrow("--top must be a whole number");
  expect(() => read("--format", "csv")).toThrow('--format must be one of jsonl, npy, got "csv".');
  expect(() => read("--format")).toThrow("--format needs a value: jsonl, npy.");
  expect(() => read("--json=yes")).toThrow('--json takes no value, got "yes".');
});

test("a suggestion is made only for what is close", () => {
  expect(suggestion("serch", ["search", "embed"])).toBe(" Did you mean search?");
  expect(suggestion("banana", ["search", "embed"])).toBe("");
});
