import { expect, test } from "vitest";
import { eachNgram, eachWordNgram, hashBytes, marked } from "./ngrams.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("ASCII hashes are FNV-1a's, those of other characters differ from it by the sign", () => {
  expect(hashBytes(bytes(""))).toBe(2166136261);
  expect(hashBytes(bytes("a"))).toBe(0xe40c292c);
  expect(hashBytes(bytes("foobar"))).toBe(0xbf9cf968);
  const fnv = (text: string): number =>
    bytes(text).reduce((hash, byte) => Math.imul(hash ^ byte, 16777619), -2128831035) >>> 0;
  expect(hashBytes(bytes("é"))).not.toBe(fnv("é"));
});

test("n-grams are of characters, not bytes, and a mark alone is none", () => {
  const found: number[] = [];
  const options = { minN: 1, maxN: 2, buckets: 0x7fffffff };
  eachNgram(marked(bytes("äb")), options, (bucket) => found.push(bucket));
  expect(found).toEqual(["<ä", "ä", "äb", "b", "b>"].map((text) => hashBytes(bytes(text)) % 0x7fffffff));
});

test("the whole marked word is an n-gram where it is short enough", () => {
  const found: number[] = [];
  eachNgram(marked(bytes("an")), { minN: 4, maxN: 6, buckets: 1e9 }, (bucket) => found.push(bucket));
  expect(found).toEqual([hashBytes(bytes("<an>")) % 1e9]);
});

test("runs of words hash as in 64-bit arithmetic, whatever the signs", () => {
  const hashes = ["x", "straße", "foobar", "of", "the", "猫", "zzzz"].map((word) => hashBytes(bytes(word)));
  for (const buckets of [7, 2_000_000, 0x7fffffff]) {
    const found: number[] = [];
    eachWordNgram(hashes, { count: hashes.length, longest: 4, buckets }, (bucket) => found.push(bucket));
    const wanted: number[] = [];
    for (let i = 0; i < hashes.length; i += 1) {
      let hash = BigInt.asUintN(64, BigInt(hashes[i] | 0));
      for (let j = i + 1; j < Math.min(hashes.length, i + 4); j += 1) {
        hash = BigInt.asUintN(64, hash * 116049371n + BigInt(hashes[j] | 0));
        wanted.push(Number(hash % BigInt(buckets)));
      }
    }
    expect(found).toEqual(wanted);
  }
});
