import { expect, test } from "vitest";
import { encodeCorpus } from "../corpus/encode-corpus.ts";
import { countCooccurrences, type CountOptions } from "./cooccurrences.ts";

/** Cells by "word word". */
async function table(
  lines: readonly string[],
  options: CountOptions & { minCount?: number },
): Promise<Record<string, number>> {
  const corpus = await encodeCorpus(lines, { minCount: options.minCount ?? 1 });
  const counts = await countCooccurrences(corpus, options);
  const cells: [string, number][] = [];
  const { words } = corpus.vocabulary;
  for await (const { rows, columns, values } of counts.read()) {
    for (let i = 0; i < rows.length; i += 1) cells.push([`${words[rows[i]]} ${words[columns[i]]}`, values[i]]);
  }
  expect(counts.cells).toBe(cells.length);
  await counts.dispose();
  await corpus.dispose();
  cells.sort(([a], [b]) => (a < b ? -1 : 1));
  expect(new Set(cells.map(([pair]) => pair)).size).toBe(cells.length);
  return Object.fromEntries(cells);
}

test("a small text counted by hand: both sides, one over the distance, within lines", async () => {
  expect(await table(["a b a", "c a"], { window: 2 })).toEqual({ "a a": 1, "a b": 2, "a c": 1, "b a": 2, "c a": 1 });
});

test("only the right side when not symmetric, and every neighbour counts 1 without distance weighting", async () => {
  expect(await table(["a b c"], { window: 2, symmetric: false })).toEqual({ "a b": 1, "a c": 0.5, "b c": 1 });
  expect(await table(["a b c"], { window: 2, symmetric: false, distanceWeighting: false })).toEqual({
    "a b": 1,
    "a c": 1,
    "b c": 1,
  });
});

test("rare words are passed over: the window closes over them", async () => {
  expect(await table(["a rare b", "a b"], { window: 1, minCount: 2 })).toEqual({ "a b": 2, "b a": 2 });
});

/** 3,000 words by a fixed rule, in lines of 37, many of them rare. */
function longText(): string[] {
  const lines: string[] = [];
  let state = 7;
  for (let i = 0; i < 200; i += 1) {
    const line: string[] = [];
    for (let j = 0; j < 37; j += 1) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      const share = (state >>> 8) / 2 ** 24;
      line.push(`w${Math.floor(1500 * share ** 3)}`);
    }
    lines.push(line.join(" "));
  }
  return lines;
}

test("counts are those of a plain count, in one segment and in many", async () => {
  const lines = longText();
  const plain = new Map<string, number>();
  for (const line of lines) {
    const words = line.split(" ");
    for (const [i, word] of words.entries()) {
      for (let j = Math.max(0, i - 4); j <= Math.min(words.length - 1, i + 4); j += 1) {
        if (j === i) continue;
        const pair = `${word} ${words[j]}`;
        plain.set(pair, (plain.get(pair) ?? 0) + 1 / Math.abs(i - j));
      }
    }
  }
  for (const memoryLimit of [1 << 24, 1]) {
    const cells = await table(lines, { window: 4, memoryLimit });
    expect(Object.keys(cells).length).toBe(plain.size);
    const worst = Math.max(...[...plain].map(([pair, value]) => Math.abs(cells[pair] / value - 1)));
    expect(worst).toBeLessThan(1e-6);
  }
});

test("the count ends when it is aborted, and refuses a text without neighbours and a window of 0", async () => {
  const corpus = await encodeCorpus(longText(), { minCount: 1 });
  await expect(countCooccurrences(corpus, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
    "enough",
  );
  await expect(countCooccurrences(corpus, { window: 0 })).rejects.toThrow(
    "window must be a whole number of at least 1",
  );
  const lonely = await encodeCorpus(["a", "b"], { minCount: 1 });
  await expect(countCooccurrences(lonely)).rejects.toThrow("No two words");
});
