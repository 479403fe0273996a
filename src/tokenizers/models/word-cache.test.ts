import { expect, test } from "vitest";
import type { Pieces } from "./model.ts";
import { WordCache } from "./word-cache.ts";

const pieces = (id: number): Pieces => ({ ids: [0, id, id], starts: [0, 0, 1], ends: [0, 1, 2] });

test("a word that is kept is appended again, one that is not is left to the model", () => {
  const cache = new WordCache();
  cache.keep("ab", pieces(7), 1);
  const into: Pieces = { ids: [5], starts: [5], ends: [5] };
  expect(cache.replay("ab", into)).toBe(true);
  expect(into).toEqual({ ids: [5, 7, 7], starts: [5, 0, 1], ends: [5, 1, 2] });
  expect(cache.replay("abc", into)).toBe(false);
  expect(into.ids.length).toBe(3);
});

test("a full cache forgets the words that were not used for longest", () => {
  const cache = new WordCache(10);
  const into: Pieces = { ids: [], starts: [], ends: [] };
  for (let i = 0; i < 100; i += 1) {
    cache.keep(`w${i}`, pieces(i), 1);
    if (i > 0) expect(cache.replay("w0", into)).toBe(true);
  }
  expect(cache.replay("w99", into)).toBe(true);
  expect(cache.replay("w50", into)).toBe(false);
});

test("very long words are not kept", () => {
  const cache = new WordCache();
  cache.keep("a".repeat(129), pieces(1), 1);
  expect(cache.replay("a".repeat(129), pieces(0))).toBe(false);
});
