/** Every decoder against the Rust library. */
import { expect, test } from "vitest";
import fixture from "../../../test/golden/tokenizers/decoders.json" with { type: "json" };
import { createDecoder } from "./create-decoder.ts";

test.each(
  fixture.map(({ json, results }) => [JSON.stringify(json).replaceAll('"', "").slice(1, 100), json, results] as const),
)("%s gives the text of the Rust library", (_, json, results) => {
  const decode = createDecoder(json);
  for (const [tokens, text] of results as [string[], string][])
    expect(decode(tokens).join(""), JSON.stringify(tokens)).toBe(text);
});

test("tokens that are all stripped leave nothing, where the reference ends the program", () => {
  expect(createDecoder({ type: "Strip", content: "x", start: 1, stop: 2 })(["xx", ""])).toEqual(["", ""]);
});

test("a decoder of an unknown type is refused with the known ones", () => {
  expect(() => createDecoder({ type: "Guess" })).toThrow(
    /Unknown decoder "Guess" in tokenizer.json. Known are: BPEDecoder, /,
  );
});
