/** Every normalizer against the Rust library: the normalised text, and where in the user's string each character came from. */
import { expect, test } from "vitest";
import { toUnits } from "../../../test/code-points.ts";
import fixture from "../../../test/golden/tokenizers/normalizers.json" with { type: "json" };
import { AlignedText } from "../aligned-text.ts";
import { forEachCharacter } from "../unicode.ts";
import { createNormalizer } from "./create-normalizer.ts";

const cases = fixture.cases.filter(({ json }) => json.type !== "Precompiled");

test.each(cases.map(({ json, results }) => [short(json), json, results] as const))(
  "%s gives the text and alignment of the Rust library",
  (_, json, results) => {
    const normalize = createNormalizer(json);
    for (const [index, text, offsets] of results as [number, string, number[]][]) {
      const original = fixture.texts[index];
      const normalized = normalize(new AlignedText(original));
      expect(normalized.text, JSON.stringify(original)).toBe(text);
      expect(alignment(normalized), JSON.stringify(original)).toEqual(toUnits(original, offsets));
    }
  },
);

test("a hundred thousand marks on one letter take no longer than a moment", () => {
  const text = `a${"\u0301\u0323".repeat(50_000)}`;
  const start = performance.now();
  expect(createNormalizer({ type: "NFC" })(new AlignedText(text)).text.startsWith("ạ\u0323")).toBe(true);
  expect(performance.now() - start).toBeLessThan(5000);
});

test("a normalizer of an unknown type is refused with the known ones", () => {
  expect(() => createNormalizer({ type: "Shout" })).toThrow(
    /Unknown normalizer "Shout" in tokenizer.json. Known are: BertNormalizer, .*, StripAccents\./,
  );
});

test("a field of the wrong form is refused by name", () => {
  expect(() => createNormalizer({ type: "Prepend", prepend: 3 })).toThrow(
    "The tokenizer's Prepend.prepend must be a text, got 3.",
  );
  expect(() => createNormalizer({ type: "Strip", strip_left: "yes" })).toThrow(
    "Strip.strip_left must be true or false",
  );
  expect(() => createNormalizer({ type: "Replace", pattern: " ", content: "" })).toThrow(
    'Replace.pattern must be {"String": …} or {"Regex": …}',
  );
  expect(() => createNormalizer({ type: "Sequence", normalizers: [{}] })).toThrow(
    'Sequence.normalizers must be an object with a "type"',
  );
});

function alignment(text: AlignedText): number[] {
  const offsets: number[] = [];
  forEachCharacter(text.text, (_, at, width) => offsets.push(text.startOf(at), text.endOf(at + width - 1)));
  return offsets;
}

function short(json: object): string {
  return JSON.stringify(json).replaceAll('"', "").slice(1, 90);
}
