import { beforeAll, expect, test } from "vitest";
import { Matrix } from "../../matrix/index.ts";
import type { TextInContext } from "../contextual/text-in-context.ts";
import { loadTagger, type TaggedText, type Tagger, taggerBytes, trainTagger } from "./index.ts";
import type { TokenEncoder } from "./units.ts";

/** A model of three numbers a word: place or not, thing or not, whether the word before was "the". */
const places = new Set(["kitchen", "hall", "garden"]);
const things = new Set(["lamp", "heater", "radio", "night", "light"]);
const features = (word: string, before: string): number[] => [
  +places.has(word),
  +things.has(word),
  +(before === "the"),
];
const context: TokenEncoder = {
  name: "toy",
  dimensions: 3,
  contextualize: (async (texts: readonly string[]) => texts.map(toy)) as TokenEncoder["contextualize"],
};
function toy(text: string): TextInContext {
  const words = Array.from(text.matchAll(/[a-z]+/g), ({ 0: word, index }) => ({
    word,
    start: index,
    end: index + word.length,
  }));
  const rows = words.map(({ word }, i) => features(word, words[i - 1]?.word ?? ""));
  const vectors = rows.length > 0 ? Matrix.fromRows(rows) : Matrix.zeros(0, 3);
  const offsets = Int32Array.from(words.flatMap(({ start, end }) => [start, end]));
  const tokens = words.map(({ word }) => word);
  return { text, tokens, ids: new Int32Array(words.length), offsets, vectors, words, wordVectors: vectors };
}

const marked = (text: string, ...entities: [string, string][]): TaggedText => ({
  text,
  entities: entities.map(([label, part]) => ({
    label,
    start: text.indexOf(part),
    end: text.indexOf(part) + part.length,
  })),
});
const examples = [
  marked("turn on the lamp in the kitchen", ["thing", "lamp"], ["place", "kitchen"]),
  marked("switch off the night light in the hall", ["thing", "night light"], ["place", "hall"]),
  marked("is it cold outside"),
  marked("the radio please", ["thing", "radio"]),
];
let tagger: Tagger;
beforeAll(async () => (tagger = await trainTagger(context, examples, { C: 100 })));

test("entities of a new text are found with their places, more than one word long too", async () => {
  const text = "put the night light and the heater into the garden";
  const found = await tagger.entities(text);
  expect(found.map(({ label, text: own }) => `${label} ${own}`)).toEqual([
    "thing night light",
    "thing heater",
    "place garden",
  ]);
  for (const { start, end, text: own, score } of found) {
    expect(text.slice(start, end)).toBe(own);
    expect(score).toBeGreaterThan(0.5);
    expect(score).toBeLessThanOrEqual(1);
  }
  expect(tagger.labels).toEqual(["place", "thing"]);
});

test("tokens are tagged in BIO, and an empty text or sentence has nothing", async () => {
  const [tags, none] = await tagger.tag([["the", "night", "light", "please"], []]);
  expect(tags.map(({ label }) => label)).toEqual(["O", "B-thing", "I-thing", "O"]);
  expect(none).toEqual([]);
  expect(await tagger.entities("")).toEqual([]);
  expect(await tagger.entities([])).toEqual([]);
});

test("sentences with a label a token teach the same", async () => {
  const byTokens = await trainTagger(context, [
    { tokens: ["the", "lamp"], labels: ["O", "B-thing"] },
    { tokens: ["the", "night", "light"], labels: ["O", "B-thing", "I-thing"] },
  ]);
  expect((await byTokens.entities("the radio"))[0]).toMatchObject({ label: "thing", text: "radio" });
});

test("a file gives the tagger back; a damaged one, or another model, is refused", async () => {
  const bytes = taggerBytes(tagger);
  const read = await loadTagger(bytes, context);
  const text = "the radio in the hall";
  expect((await read.entities(text)).map(({ label, start }) => [label, start])).toEqual(
    (await tagger.entities(text)).map(({ label, start }) => [label, start]),
  );
  for (let i = 1; i < 30; i += 1)
    await expect(loadTagger(bytes.slice(0, Math.floor((bytes.length * i) / 30)), context)).rejects.toThrow(/tagger/);
  for (let i = 0; i < 60; i += 1) {
    const flipped = bytes.slice();
    flipped[8 + i * 13] ^= 1 << (i % 8);
    await loadTagger(flipped, context).catch((error: Error) => expect(error.name).toBe("SemspaceError"));
  }
  await expect(loadTagger(bytes, { ...context, name: "other", dimensions: 4 })).rejects.toThrow(
    "made with vectors of 3 dimensions (toy), other has 4",
  );
});

test.each([
  ["no examples", [], {}, "None of the 0 examples has an entity"],
  ["examples without an entity", [marked("is it cold")], {}, "None of the 1 examples has an entity"],
  ["labels that are missing", [{ tokens: ["a", "b"], labels: ["O"] }], {}, "Example 0 has 2 tokens and 1 labels"],
  [
    "an entity outside its text",
    [{ text: "a lamp", entities: [{ label: "x", start: 2, end: 9 }] }],
    {},
    "must have a label, lie in its text of 6",
  ],
  ["a C of 0", examples, { C: 0 }, "C must be above 0, got 0"],
])("%s is refused in words", async (_, given, options, message) => {
  await expect(trainTagger(context, given, options)).rejects.toThrow(message);
});

test("a signal ends the training with its reason", async () => {
  const stop = new AbortController();
  const training = trainTagger(context, examples, {
    signal: stop.signal,
    onProgress: ({ stage }) => stage === "fit" && stop.abort(new Error("enough")),
  });
  await expect(training).rejects.toThrow("enough");
});
