/** Truncated and lying tokenizer files: each is refused with the name of the part that is wrong. */
import { expect, test } from "vitest";
import t5 from "../../test/golden/tokenizers/t5-style.json" with { type: "json" };
import { loadTokenizer } from "./load.ts";
import { Tokenizer } from "./tokenizer.ts";

const good = t5.json;
const nested = (levels: number): unknown => {
  let part: unknown = { type: "NFC" };
  for (let i = 0; i < levels; i += 1) part = { type: "Sequence", normalizers: [part] };
  return part;
};
const load = (text: string) => loadTokenizer({ "tokenizer.json": new TextEncoder().encode(text) });

test("a tokenizer.json in memory is opened", async () => {
  const tokenizer = await load(JSON.stringify(good));
  expect(tokenizer.encode("The fox").ids).toEqual(new Tokenizer(good).encode("The fox").ids);
});

test("a truncated tokenizer.json is refused by name", async () => {
  const text = JSON.stringify(good);
  await expect(load(text.slice(0, text.length >> 1))).rejects.toThrow("tokenizer.json in (memory) is not JSON.");
});

test("a folder without any tokenizer file says what was looked for", async () => {
  await expect(loadTokenizer({ "config.json": new Uint8Array() })).rejects.toThrow("tokenizer.json");
});

test.each<[string, unknown, string]>([
  ["a list", [], "The tokenizer's tokenizer.json must be an object"],
  ["no model", { ...good, model: undefined }, "The tokenizer's model must be an object, got undefined"],
  ["an unknown model", { ...good, model: { type: "Oracle" } }, 'Unknown tokenizer model "Oracle"'],
  [
    "a normalizer without a type",
    { ...good, normalizer: {} },
    'The tokenizer\'s normalizer must be an object with a "type"',
  ],
  [
    "an unknown post-processor",
    { ...good, post_processor: { type: "Post" } },
    'Unknown post-processor "Post" in tokenizer.json. Known are: BertProcessing,',
  ],
  ["added tokens that are no list", { ...good, added_tokens: {} }, "The tokenizer's added_tokens must be a list"],
  [
    "an added token without an id",
    { ...good, added_tokens: [{ content: "x" }] },
    "The tokenizer's added_tokens[0].id must be a whole number",
  ],
  [
    "an added token without text",
    { ...good, added_tokens: [{ id: 1 }] },
    "The tokenizer's added_tokens[0].content must be a text",
  ],
  [
    "a template without its special token",
    { ...good, post_processor: { ...good.post_processor, special_tokens: {} } },
    "The tokenizer's TemplateProcessing.special_tokens must give ids and tokens",
  ],
  [
    "a template with a strange piece",
    { ...good, post_processor: { ...good.post_processor, single: ["A"] } },
    "The tokenizer's TemplateProcessing.single must hold Sequence and SpecialToken pieces",
  ],
  [
    "a special token whose id is no id",
    { ...good, post_processor: { type: "BertProcessing", cls: ["c", -1], sep: ["s", 0] } },
    "The tokenizer's BertProcessing.cls must be [token, id]",
  ],
  [
    "a template that leaves the text out",
    { ...good, post_processor: { type: "TemplateProcessing", single: [], pair: [] } },
    "The tokenizer's TemplateProcessing.single must use sequence A once and not B",
  ],
  [
    "a part of parts without end",
    { ...good, normalizer: nested(100_000) },
    "The tokenizer's normalizer is nested more than 100 levels deep.",
  ],
  [
    "a part with a field without end",
    { ...good, added_tokens: [{ id: 0, content: nested(100_000) }] },
    "The tokenizer's added_tokens[0].content must be a text, got {",
  ],
  [
    "BertProcessing without its tokens",
    { ...good, post_processor: { type: "BertProcessing" } },
    "The tokenizer's BertProcessing.cls must be [token, id]",
  ],
  [
    "a truncation without a length",
    { ...good, truncation: {} },
    "The tokenizer's truncation.max_length must be a whole number",
  ],
  [
    "a padding strategy that is none",
    { ...good, padding: { strategy: "Tight" } },
    "The tokenizer's padding.strategy must be",
  ],
  [
    "a character map that is cut off",
    { ...good, normalizer: { type: "Precompiled", precompiled_charsmap: "AAEA" } },
    "charsmap",
  ],
])("%s is refused", (_, json, message) => {
  expect(() => new Tokenizer(json)).toThrow(message);
});

test("padding to a length that no memory has is refused before it is made", () => {
  const tokenizer = new Tokenizer({ ...good, padding: { strategy: { Fixed: 2 ** 31 } } });
  expect(() => tokenizer.encode("a", { padding: tokenizer.padding })).toThrow("Cannot pad to 2147483648 tokens");
});
