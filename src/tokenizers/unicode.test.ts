import { expect, test } from "vitest";
import { characterTest, classSource, rangesOf } from "./unicode.ts";

test("a class holds exactly the code points of its ranges, in every plane", () => {
  for (const name of ["space", "punctuation", "control", "mark", "word"] as const) {
    const isMember = characterTest(name);
    for (const [from, to] of rangesOf(name)) {
      expect([isMember(from - 1), isMember(from), isMember(to), isMember(to + 1)], `${name} ${from}`).toEqual([
        false,
        true,
        true,
        false,
      ]);
    }
  }
});

test("the classes are those of the Rust library, not of this runtime", () => {
  expect(["a", "_", "é", "漢", "²"].map((character) => characterTest("word")(character.codePointAt(0)!))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
  expect([0x85, 0xfeff, 0x3000].map(characterTest("space"))).toEqual([true, false, true]);
  // ASCII symbols count as punctuation; U+061D is punctuation since Unicode 14 only.
  expect([0x24, 0x7e, 0x2026, 0x61d].map(characterTest("punctuation"))).toEqual([true, true, true, false]);
});

test("a class can stand in a bracket of a regular expression", () => {
  expect("a\u0301b\u{1e8d0}".replaceAll(new RegExp(`[${classSource("mark")}]`, "gu"), "")).toBe("ab");
});
