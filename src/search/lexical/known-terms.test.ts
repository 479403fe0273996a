import { expect, test, vi } from "vitest";
import { contentName } from "../content-key.ts";
import { createLexicalIndex } from "../lexical.ts";
import { KnownTerms } from "./known-terms.ts";
import { termReader } from "./terms.ts";

const texts = ["a red fox runs", "the grey wolf", "", "Ünïcode größer 黒猫がいる", "a red fox runs"];

test("texts that are known are not read again, and the scores are the same", () => {
  const plain = createLexicalIndex(texts);
  const known = new KnownTerms();
  createLexicalIndex(texts, { known });
  const kept = KnownTerms.fromBytes(known.toBytes());
  expect([known.size, kept.size, kept.changed]).toEqual([4, 4, false]);
  const read = vi.fn(termReader());
  const index = createLexicalIndex([...texts, "a new red wolf"], { known: kept, terms: read });
  expect(read.mock.calls).toEqual([["a new red wolf"]]);
  expect(kept.changed).toBe(true);
  const whole = createLexicalIndex([...texts, "a new red wolf"]);
  for (const query of ["red fox", "wolf 黒猫", "new grosser", "missing"]) {
    expect(index.scores(query)).toEqual(whole.scores(query));
    expect(index.fullMatch(query)).toBe(whole.fullMatch(query));
  }
  const fewer = createLexicalIndex(texts.slice(0, 2), { known: KnownTerms.fromBytes(kept.toBytes()) });
  expect(fewer.search("wolf", 3)).toEqual(createLexicalIndex(texts.slice(0, 2)).search("wolf", 3));
  expect(plain.size).toBe(5);
});

test("bytes that are cut short, changed or something else count as empty", () => {
  const known = new KnownTerms();
  createLexicalIndex(texts, { known });
  const whole = known.toBytes();
  expect(KnownTerms.fromBytes(whole.slice()).size).toBe(4);
  expect(KnownTerms.fromBytes(Uint8Array.from([0, ...whole]).subarray(1)).size).toBe(4);
  for (const length of [0, 5, 24, whole.length - 1]) expect(KnownTerms.fromBytes(whole.slice(0, length)).size).toBe(0);
  for (const at of [0, 4, 8, 12, 16, 20, 24 + 4 * 8 + 4 * 4 + 3, 24 + 4 * 16 + 3]) {
    const broken = whole.slice();
    broken[at] ^= 0x80;
    expect(KnownTerms.fromBytes(broken).size).toBe(0);
  }
});

test("what is read of a text is held: raise VERSION of known-terms.ts together with this", () => {
  const read = termReader();
  const sample =
    "The parseHTTPHeaders of max_length don't l’eau cafés classes 42 utf8 ____ ﬁne １２ 黒猫 학교에서 LLM大模型v2";
  expect(contentName(read(sample).join(" "))).toBe("18mj6lqk92w");
});
