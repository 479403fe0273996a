import { expect, test } from "vitest";
import { tellingWords } from "./telling-words.ts";

test("the words that several texts of a group share come first, words of all groups and the word itself not at all", () => {
  const texts = [
    "The river bank today",
    "A river, a stream, a bank today",
    "Bank money today",
    "Money in the bank: today!",
  ];
  const [river, money] = tellingWords(texts, [0, 0, 1, 1], { top: 2, without: "Bank" });
  expect(river).toEqual(["river", "stream"]);
  expect(money).toEqual(["money"]);
});

test("one group has no words that tell it apart, and no texts have no groups", () => {
  expect(tellingWords(["money bank", "river bank"], [0, 0], { top: 5, without: "bank" })).toEqual([[]]);
  expect(tellingWords([], [], { top: 5, without: "bank" })).toEqual([]);
});
