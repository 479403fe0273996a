import { expect, test } from "vitest";
import { PickledName, PickledObject, readPickle } from "./pickle.ts";

const none = { allow: () => false };
const all = { allow: () => true };

/** Opcodes and texts to bytes. */
function pickle(...parts: (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "number" ? [part] : Array.from(new TextEncoder().encode(part)))),
  );
}

test("values of Python come out as values of JavaScript", () => {
  // pickle.dumps({"a": [1, -2, 300, 70000, 2**40, 2**70, 1.5, True, None], "b": (b"x", "ü")}, 4)
  const bytes = pickle(
    ...[
      0x80,
      4,
      0x7d,
      0x94,
      0x28,
      0x8c,
      1,
      "a",
      0x94,
      0x5d,
      0x94,
      0x28,
      0x4b,
      1,
      0x4a,
      0xfe,
      0xff,
      0xff,
      0xff,
      0x4d,
      0x2c,
      1,
    ],
    ...[0x4a, 0x70, 0x11, 1, 0, 0x8a, 6, 0, 0, 0, 0, 0, 1, 0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0x40],
    ...[
      0x47,
      0x3f,
      0xf8,
      0,
      0,
      0,
      0,
      0,
      0,
      0x88,
      0x4e,
      0x65,
      0x8c,
      1,
      "b",
      0x94,
      0x43,
      1,
      "x",
      0x8c,
      2,
      "ü",
      0x86,
      0x75,
      0x2e,
    ],
  );
  const value = readPickle(bytes, none) as Map<string, unknown>;
  expect(value.get("a")).toEqual([1, -2, 300, 70_000, 2 ** 40, 2n ** 70n, 1.5, true, null]);
  expect(value.get("b")).toEqual([Uint8Array.of(120), "ü"]);
});

test("a name outside the list is refused, and nothing is run", () => {
  const command = pickle(0x80, 2, "cos\nsystem\n", 0x58, 4, 0, 0, 0, "true", 0x85, 0x52, 0x2e);
  expect(() => readPickle(command, { name: "m.kv", allow: (name) => name.startsWith("numpy.") })).toThrow(
    /m\.kv names os\.system, which is not among what is read from it.*nothing was run/,
  );
  const stackGlobal = pickle(0x80, 4, 0x8c, 8, "builtins", 0x8c, 4, "eval", 0x93, 0x29, 0x52, 0x2e);
  expect(() => readPickle(stackGlobal, none)).toThrow(/names builtins\.eval/);
});

test("an allowed class becomes a note of its name, arguments, state and items", () => {
  const bytes = pickle(
    0x80,
    2,
    "cm\nC\n",
    0x4b,
    7,
    0x85,
    0x81,
    0x7d,
    0x58,
    1,
    0,
    0,
    0,
    "k",
    0x4b,
    1,
    0x73,
    0x62,
    0x4b,
    9,
    0x61,
    0x2e,
  );
  const value = readPickle(bytes, all) as PickledObject;
  expect(value).toBeInstanceOf(PickledObject);
  expect([value.of, value.args, value.state, value.list]).toEqual(["m.C", [7], new Map([["k", 1]]), [9]]);
  expect(readPickle(pickle("cm\nf\n", 0x2e), all)).toEqual(new PickledName("m.f"));
});

test("a list that holds itself is an array that holds itself", () => {
  const value = readPickle(pickle(0x80, 4, 0x5d, 0x94, 0x68, 0, 0x61, 0x2e), none) as unknown[];
  expect(value[0]).toBe(value);
});

test("a hundred thousand lists inside each other cost no stack", () => {
  const depth = 100_000;
  const bytes = Uint8Array.from([...Array<number>(depth).fill(0x5d), ...Array<number>(depth - 1).fill(0x61), 0x2e]);
  let value = readPickle(bytes, none) as unknown[];
  let found = 1;
  for (; value.length > 0; found += 1) value = value[0] as unknown[];
  expect(found).toBe(depth);
});

test.each<[string, Uint8Array, RegExp]>([
  ["an empty file", pickle(), /1 bytes are needed, 0 are left/],
  ["a text longer than the file", pickle(0x58, 255, 255, 255, 255, "a"), /4294967295 bytes are needed, 1 are left/],
  ["a text longer than any file", pickle(0x8d, 255, 255, 255, 255, 255, 255, 255, 255), /bytes are needed, 0 are left/],
  [
    "a frame longer than the file",
    pickle(0x80, 4, 0x95, 255, 0, 0, 0, 0, 0, 0, 0),
    /a frame of 255 bytes does not fit/,
  ],
  ["a memo's empty place", pickle(0x68, 3, 0x2e), /place 3 of the memo is empty/],
  ["a value from an empty stack", pickle(0x30), /its stack is empty/],
  ["a group that was not begun", pickle(0x4b, 1, 0x74), /ends a group that was not begun/],
  ["a key without a value", pickle(0x28, 0x4b, 1, 0x64), /a key without a value/],
  ["items of a number", pickle(0x4b, 1, 0x4b, 2, 0x61), /appends to what is no list/],
  ["a call of a number", pickle(0x4b, 1, 0x29, 0x52), /calls what is no class/],
  ["a state of a number", pickle(0x4b, 1, 0x7d, 0x62), /a state to what is no object/],
  ["an integer without an end", pickle(0x8b, 255, 255, 255, 127), /a whole number of 2147483647 bytes/],
  ["a negative length", pickle(0x8b, 255, 255, 255, 255), /-1 bytes are needed/],
  ["an opcode of protocol 0", pickle("I1\n."), /opcode 0x49 is not read/],
  ["a protocol to come", pickle(0x80, 9, 0x4e, 0x2e), /protocol 9; 2 to 5 are read/],
])("%s is refused", (_, bytes, message) => {
  expect(() => readPickle(bytes, all)).toThrow(message);
});
