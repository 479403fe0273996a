import { expect, test } from "vitest";
import { Matrix } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import { contentKey } from "./content-key.ts";
import { cosines, encodeDirection } from "./quantized-vectors.ts";
import { createIndex, type IndexOptions } from "./search-index.ts";

/** An embedder of three dimensions: how much of animals, of cars, of food a text is. Remembers what it was asked for. */
function toyEmbedder(): { embedder: Embedder; asked: string[] } {
  const asked: string[] = [];
  const topics = [/cat|dog|animal/gi, /car|engine|wheel/gi, /soup|bread|cook/gi];
  const vector = (text: string) => {
    asked.push(text);
    return Float32Array.from(topics, (topic) => (text.match(topic) ?? []).length + 0.01);
  };
  const encode = (input: string | readonly string[]) =>
    Promise.resolve(typeof input === "string" ? vector(input) : Matrix.fromRows(input.map(vector)));
  const embedder = {
    name: "toy",
    dimensions: 3,
    encode,
    encodeQuery: encode,
    encodeDocument: encode,
    dispose: () => Promise.resolve(),
  };
  return { embedder: embedder as unknown as Embedder, asked };
}

const texts = ["A cat and a dog.", "The car has an engine.", "Soup with bread.", "Wheels.", "A cat and a dog."];

test("a semantic search finds what shares no word with the query", async () => {
  const index = await createIndex(texts, { embedder: toyEmbedder().embedder });
  const hits = await index.search("animals", { mode: "semantic", top: 2 });
  expect(hits.map(({ item, index }) => [index, item])).toEqual([
    [0, "A cat and a dog."],
    [4, "A cat and a dog."],
  ]);
  expect(hits[0].score).toBeGreaterThan(0.99);
});

test("a lexical search gives only texts that share a word, and needs no embedder", async () => {
  const index = await createIndex(texts);
  expect((await index.search("bread engine")).map((hit) => hit.index)).toEqual([2, 1]);
  expect(await index.search("animals")).toEqual([]);
  await expect(index.search("x", { mode: "hybrid" })).rejects.toThrow(
    "A hybrid search needs an embedder, and this index has none.",
  );
});

test("a hybrid search puts first what is near by meaning and by words", async () => {
  const index = await createIndex(["engine noise", "car wheels", "an engine of a car"], {
    embedder: toyEmbedder().embedder,
  });
  const hits = await index.search("car engine", { top: 3 });
  expect(hits[0].index).toBe(2);
  expect(hits).toHaveLength(3);
});

test("items may be anything with a text, and a heading counts as part of it", async () => {
  const items = [
    { text: "Turn it.", heading: "Soup › Cooking", id: 1 },
    { text: "Turn it.", id: 2 },
  ];
  const index = await createIndex(items, { embedder: toyEmbedder().embedder });
  expect((await index.search("bread", { mode: "semantic" }))[0].item.id).toBe(1);
  expect((await index.search("soup", { mode: "lexical" })).map((hit) => hit.item.id)).toEqual([1]);
});

test("equal texts are embedded once, and texts that the cache knows not at all", async () => {
  const known = new Map<number, Int8Array>();
  let saves = 0;
  const cache = {
    get: (key: number) => known.get(key),
    set: (key: number, codes: Int8Array) => known.set(key, codes),
    save: () => Promise.resolve(void (saves += 1)),
  } as unknown as NonNullable<IndexOptions["cache"]>;
  const first = toyEmbedder();
  const done: number[] = [];
  await createIndex(texts, { embedder: first.embedder, cache, progress: (count) => done.push(count) });
  expect(first.asked).toHaveLength(4);
  expect([done[0], done.at(-1)]).toEqual([0, 5]);
  const second = toyEmbedder();
  const index = await createIndex([...texts, "new engine"], { embedder: second.embedder, cache });
  expect(second.asked).toEqual(["new engine"]);
  expect((await index.search("animal", { mode: "semantic", top: 1 }))[0].index).toBe(0);
  expect(saves).toBe(2);
});

test("an index of nothing finds nothing, and wrong options are refused", async () => {
  const index = await createIndex([], { embedder: toyEmbedder().embedder });
  expect(await index.search("x")).toEqual([]);
  await expect(index.search("x", { top: 0 })).rejects.toThrow("top must be a whole number of at least 1, got 0.");
  await expect(index.search("x", { mode: "fuzzy" as "hybrid" })).rejects.toThrow(
    'Unknown search mode "fuzzy". Use one of: hybrid, semantic, lexical.',
  );
});

test("items and queries that are no texts are refused with what was got", async () => {
  const make = (items: unknown) => createIndex(items as string[]);
  const refused: [items: unknown, message: string][] = [
    ["abc", 'Items must be an array of texts or of objects with a text, got "abc".'],
    [undefined, "Items must be an array of texts or of objects with a text, got undefined."],
    [[undefined], "Item 0 must be a text or an object with a string text, got undefined."],
    [["a", { x: 1 }], 'Item 1 must be a text or an object with a string text, got {"x":1}.'],
    [[7], "Item 0 must be a text or an object with a string text, got 7."],
    [[{ text: "a", heading: 3 }], "Item 0 must be with a heading that is a string or left out, got"],
  ];
  for (const [items, message] of refused) {
    const error = await make(items).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid-argument", message: expect.stringContaining(message) as string });
  }
  const index = await createIndex(texts);
  await expect(index.search(undefined as unknown as string)).rejects.toThrow(
    "A query must be a string, got undefined.",
  );
});

test("one byte a dimension keeps cosines to within 0.01", () => {
  const random = (seed: number) => Float32Array.from({ length: 256 }, (_, i) => Math.sin(seed * 1000 + i * i * 0.7));
  const exact = (a: Float32Array, b: Float32Array) => {
    const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };
  for (let i = 0; i < 50; i += 1) {
    const [a, b] = [random(i), random(i + 0.001)];
    expect(cosines(a, encodeDirection(b))[0]).toBeCloseTo(exact(a, b), 2);
  }
});

test("the zero vector and vectors that are not finite are near to nothing", () => {
  const query = Float32Array.of(1, 0);
  for (const vector of [Float32Array.of(0, 0), Float32Array.of(Infinity, 1), Float32Array.of(Number.NaN, Number.NaN)]) {
    expect([...cosines(query, encodeDirection(vector))]).toEqual([0]);
  }
  expect([...cosines(Float32Array.of(0, 0), Int8Array.of(1, 2))]).toEqual([0]);
});

test("different texts have different keys", () => {
  const keys = new Set(Array.from({ length: 200_000 }, (_, i) => contentKey(`text ${i}`)));
  expect(keys.size).toBe(200_000);
  expect(contentKey("")).toBe(contentKey(""));
  expect([...keys].every(Number.isSafeInteger)).toBe(true);
});
