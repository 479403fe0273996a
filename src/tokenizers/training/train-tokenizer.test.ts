import { expect, test } from "vitest";
import golden from "../../../test/golden/tokenizer-training.json" with { type: "json" };
import { Tokenizer } from "../tokenizer.ts";
import type { TokenizerProgress } from "./training-job.ts";
import { trainTokenizer } from "./train-tokenizer.ts";

const syllables = "ka lo mi ne ru sta tor vel an the ing é ß 日 本 😀 q".split(" ");

/** The corpus of test/golden/tokenizer_training.py. */
function corpus(): string[] {
  let state = 7n;
  const draw = (n: number): number => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number((state >> 16n) % BigInt(n));
  };
  const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  const words = times(400, () => times(1 + draw(4), () => syllables[draw(syllables.length)]).join(""));
  return times(600, () => {
    const line = times(8, () => words[Math.min(draw(400), draw(400), draw(400))]).join(" ");
    return line + (draw(2) ? "." : ", 12");
  });
}

/** The order of Python's sorted. */
/** As Python sorts. */
function byCodePoints(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => Array.from(text, (char) => char.codePointAt(0)!));
  const at = left.findIndex((code, i) => code !== right[i]);
  return at === -1 ? left.length - right.length : left[at] - (right[at] ?? -1);
}

const lines = corpus();
const tokensOf = (tokenizer: Tokenizer): string[] =>
  Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.idToToken(id)!);

test("the corpus is the one that the Rust trainers had", () => {
  expect([lines[0], lines.at(-1)]).toEqual(golden.lines);
});

test("byte-level BPE learns the tokens, ids and merges of the Rust trainer", async () => {
  const tokenizer = await trainTokenizer(lines, { model: "byte-level-bpe", vocabularySize: 500 });
  expect(tokensOf(tokenizer)).toEqual(golden["byte-level-bpe"].tokens);
  expect(tokenizer.json.model["merges"]).toEqual(golden["byte-level-bpe"].merges);
});

test("BPE with a limited alphabet and short tokens learns the tokens, ids and merges of the Rust trainer", async () => {
  const tokenizer = await trainTokenizer(lines, {
    model: "bpe",
    vocabularySize: 300,
    minFrequency: 3,
    alphabetLimit: golden.limit,
    maxTokenLength: 6,
  });
  expect(tokensOf(tokenizer)).toEqual(golden.bpe.tokens);
  expect(tokenizer.json.model["merges"]).toEqual(golden.bpe.merges);
});

test("WordPiece learns the tokens of the Rust trainer, where no tie decides", async () => {
  const { length } = golden.wordpiece;
  const tokenizer = await trainTokenizer(lines, { model: "wordpiece", vocabularySize: length });
  expect(tokensOf(tokenizer).toSorted(byCodePoints)).toEqual(golden.wordpiece);
  expect(tokenizer.encode("kalo the").tokens.at(0)).toBe("[CLS]");
});

test("Unigram learns the pieces and the scores of the Rust trainer", async () => {
  const tokenizer = await trainTokenizer(lines, { model: "unigram", vocabularySize: 290 });
  const learned = new Map(tokenizer.json.model["vocab"] as [string, number][]);
  const expected = golden.unigram.vocab as [string, number][];
  expect(learned.size).toBe(expected.length);
  // Characters that are no piece of their own get the lowest score and a little more, in Rust in a random order.
  for (const [token, score] of expected) {
    expect(Math.abs((learned.get(token) ?? Infinity) - score), token).toBeLessThan([...token].length > 1 ? 1e-9 : 0.01);
  }
  expect(tokenizer.json.model["unk_id"]).toBe(golden.unigram.unk_id);
});

test("a trained tokenizer is a tokenizer.json that says the same, and gives the text back", async () => {
  for (const model of ["byte-level-bpe", "bpe", "unigram"] as const) {
    const tokenizer = await trainTokenizer(lines, { model, vocabularySize: 320 });
    const again = new Tokenizer(JSON.parse(JSON.stringify(tokenizer.json)));
    const { ids } = tokenizer.encode(lines[5]);
    expect(again.encode(lines[5]).ids).toEqual(ids);
    expect(again.decode(ids)).toBe(lines[5]);
  }
});

test("texts may come one after the other, and are the same corpus", async () => {
  async function* later(): AsyncGenerator<string> {
    yield* lines;
  }
  const options = { model: "wordpiece", vocabularySize: 200 } as const;
  const [one, two] = [await trainTokenizer(later(), options), await trainTokenizer(lines, options)];
  expect(one.json).toEqual(two.json);
});

test("special tokens come first, also one that the text has; rarer characters than the limit are unknown", async () => {
  const specialTokens = ["[UNK]", "[CLS]", "[SEP]", "[NEW]"];
  const tokenizer = await trainTokenizer(["aaa aaa bb bb [NEW] c"], {
    model: "wordpiece",
    vocabularySize: 12,
    alphabetLimit: 2,
    specialTokens,
  });
  expect(tokensOf(tokenizer).slice(0, 6)).toEqual([...specialTokens, "a", "b"]);
  expect(tokenizer.encode("bb c [NEW]").tokens).toEqual(["[CLS]", "bb", "[UNK]", "[NEW]", "[SEP]"]);
});

test("progress tells of the words and of the tokens, and an abort ends the training", async () => {
  const seen: TokenizerProgress[] = [];
  const onProgress = (progress: TokenizerProgress): number => seen.push(progress);
  await trainTokenizer(lines, { model: "unigram", vocabularySize: 200, onProgress });
  expect(new Set(seen.map(({ stage }) => stage))).toEqual(new Set(["words", "pieces"]));
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  const training = trainTokenizer(lines, { model: "bpe", signal: controller.signal });
  await expect(training).rejects.toThrow("enough");
});

test.each([
  [[""], { model: "wordpiece" }, "no words"],
  [[3], { model: "wordpiece" }, "trained on strings, got number"],
  [lines, { model: "sentencepiece" }, 'Unknown model "sentencepiece"'],
  [lines, { model: "unigram", vocabularySize: 10 }, "Use at least 31"],
  [lines, { model: "wordpiece", vocabularySize: 5 }, "no room beside 5 special tokens"],
  [lines, { model: "bpe", unknownToken: "<none>" }, "none of the special tokens"],
  [lines, { model: "bpe", minFrequency: -1 }, "minFrequency must be a whole number"],
  [lines, { model: "bpe", alphabetLimit: 0 }, "alphabetLimit must be a whole number"],
])("what cannot be learned from is refused: case %#", async (corpus, options, message) => {
  await expect(trainTokenizer(corpus as string[], options as never)).rejects.toThrow(message);
});
