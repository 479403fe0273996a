/** Every pre-tokenizer and many Split patterns against the Rust library: the words and their places in the user's string. */
import { expect, test } from "vitest";
import { toUnits } from "../../../test/code-points.ts";
import fixture from "../../../test/golden/tokenizers/pre-tokenizers.json" with { type: "json" };
import { AlignedText } from "../aligned-text.ts";
import { createPreTokenizer } from "./create-pre-tokenizer.ts";

test.each(fixture.cases.map(({ json, results }) => [short(json), json, results] as const))(
  "%s gives the words of the Rust library",
  (_, json, results) => {
    const preTokenize = createPreTokenizer(json);
    for (const [index, words, offsets] of results as [number, string[], number[]][]) {
      const text = fixture.texts[index];
      const found = text === "" ? [] : preTokenize(new AlignedText(text)).filter((word) => word.text !== "");
      expect(
        found.map((word) => word.text),
        JSON.stringify(text),
      ).toEqual(words);
      const places = found.flatMap((word) => [word.startOf(0), word.endOf(word.text.length - 1)]);
      expect(places, JSON.stringify(text)).toEqual(toUnits(text, offsets));
    }
  },
);

test("a pre-tokenizer of an unknown type is refused with the known ones", () => {
  expect(() => createPreTokenizer({ type: "Magic" })).toThrow(
    /Unknown pre-tokenizer "Magic" in tokenizer.json. Known are: BertPreTokenizer, /,
  );
});

test("a behavior, a scheme and a character of the wrong form are refused by name", () => {
  expect(() => createPreTokenizer({ type: "Punctuation", behavior: "Gone" })).toThrow(
    "Punctuation.behavior must be one of Removed, Isolated, ",
  );
  expect(() => createPreTokenizer({ type: "Metaspace", replacement: "▁", prepend_scheme: "often" })).toThrow(
    "Metaspace.prepend_scheme must be one of always, first, never",
  );
  expect(() =>
    createPreTokenizer({ type: "Metaspace", replacement: "▁", prepend_scheme: "always", add_prefix_space: false }),
  ).toThrow("must fit prepend_scheme");
  expect(() => createPreTokenizer({ type: "CharDelimiterSplit", delimiter: "ab" })).toThrow(
    "CharDelimiterSplit.delimiter must be one character",
  );
  expect(() => createPreTokenizer({ type: "FixedLength", length: 0 })).toThrow(
    "FixedLength.length must be a whole number of at least 1",
  );
});

function short(json: object): string {
  return JSON.stringify(json).replaceAll('"', "").slice(1, 120);
}
