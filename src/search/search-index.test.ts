import { expect, test } from "vitest";
import { Matrix } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import { contentKey } from "./content-key.ts";
import { encodeDirection } from "./quantized-vectors.ts";
import type { VectorCache } from "./vector-cache.ts";
import { createIndex, type SearchIndex } from "./search-index.ts";

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

async function indexOf(items: Parameters<SearchIndex["add"]>[0] = texts): Promise<SearchIndex> {
  const index = await createIndex(toyEmbedder().embedder);
  await index.add(items);
  return index;
}

test("a semantic search finds what shares no word with the query", async () => {
  const index = await indexOf();
  const hits = await index.search("animals", { mode: "semantic", k: 2 });
  expect(hits.map(({ id, text }) => [id, text])).toEqual([
    ["0", "A cat and a dog."],
    ["4", "A cat and a dog."],
  ]);
  expect(hits[0].score).toBeGreaterThan(0.99);
});

test("a lexical search gives only texts that share a word, and needs no embedder", async () => {
  const index = await createIndex(undefined);
  await index.add(texts);
  expect((await index.search("bread engine")).map((hit) => hit.id)).toEqual(["2", "1"]);
  expect(await index.search("animals")).toEqual([]);
  await expect(index.search("x", { mode: "hybrid" })).rejects.toThrow(
    "A hybrid search needs an embedder, and this index has none.",
  );
});

test("a hybrid search puts first what is near by meaning and by words", async () => {
  const index = await indexOf(["engine noise", "car wheels", "an engine of a car"]);
  const hits = await index.search("car engine", { k: 3 });
  expect(hits[0].id).toBe("2");
  expect(hits).toHaveLength(3);
});

test("a heading counts as part of the text, metadata comes with the hits", async () => {
  const index = await indexOf([
    { id: "a", text: "Turn it.", heading: "Soup › Cooking", metadata: { page: 1 } },
    { id: "b", text: "Turn it.", metadata: { page: 2 } },
  ]);
  expect((await index.search("bread", { mode: "semantic" }))[0]).toMatchObject({ id: "a", metadata: { page: 1 } });
  expect((await index.search("soup", { mode: "lexical" })).map((hit) => hit.id)).toEqual(["a"]);
  expect((await index.search("turn", { filter: { page: { $gt: 1 } } })).map((hit) => hit.id)).toEqual(["b"]);
});

test("entries are changed in part: only a new text is embedded again", async () => {
  const { embedder, asked } = toyEmbedder();
  const index = await createIndex(embedder);
  await index.add([{ id: "a", text: "a cat", metadata: { n: 1 } }]);
  await index.update("a", { metadata: { n: 2 } });
  expect(asked).toEqual(["a cat"]);
  expect(await index.get("a")).toMatchObject({ text: "a cat", metadata: { n: 2 } });
  await index.update("a", { text: "an engine" });
  expect(asked).toEqual(["a cat", "an engine"]);
  expect(await index.get("a")).toMatchObject({ text: "an engine", metadata: { n: 2 } });
  await expect(index.update("b", { text: "x" })).rejects.toThrow('The index has no entry "b".');
  expect(await index.delete("a")).toBe(1);
  expect(await index.count()).toBe(0);
});

test("items without an id are numbered past what is there", async () => {
  const index = await indexOf();
  await index.delete(["0", "1"]);
  expect(await index.add(["new", { id: "own", text: "other" }, "newer"])).toEqual(["5", "own", "6"]);
  expect(await index.count()).toBe(6);
});

test("a vector can be searched for, and items may bring theirs", async () => {
  const index = await createIndex(undefined, { dimensions: 2 });
  await index.add([
    { id: "x", vector: Float32Array.of(1, 0) },
    { id: "y", vector: Float32Array.of(0, 1), text: "why" },
  ]);
  expect((await index.search(Float32Array.of(0.1, 1), { k: 1 }))[0].id).toBe("y");
  await expect(index.search(Float32Array.of(1, 0), { mode: "hybrid" })).rejects.toThrow("needs a text, got a vector");
  await expect(index.add(["a text"])).rejects.toThrow("needs an embedder");
});

test("diversity lets repetitions give way", async () => {
  const index = await indexOf(["A cat.", "A cat!", "A cat in a car.", "Soup."]);
  const plain = await index.search("cat", { mode: "semantic", k: 2 });
  expect(plain.map(({ id }) => id)).toEqual(["0", "1"]);
  const various = await index.search("cat", { mode: "semantic", k: 2, diversity: { lambda: 0.5 } });
  expect(various.map(({ id }) => id)).toEqual(["0", "2"]);
  await expect(index.search("cat", { diversity: { lambda: 2 } })).rejects.toThrow(
    "lambda must be a number from 0 to 1",
  );
});

test("a reranker orders the candidates, whether it gives scores or hits", async () => {
  const index = await indexOf();
  const lengths = (_: string, documents: readonly string[]) => Promise.resolve(documents.map((text) => text.length));
  const byLength = await index.search("cat", { rerank: { rerank: lengths }, k: 2 });
  expect(byLength[0]).toMatchObject({ id: "1", score: 22 });
  const hits = (query: string, documents: readonly string[]) =>
    lengths(query, documents).then((scores) => scores.map((score, index) => ({ index, score: -score })));
  expect((await index.search("cat", { rerank: { reranker: { rerank: hits }, candidates: 5 }, k: 1 }))[0].id).toBe("3");
});

test("equal texts are embedded once, and texts that the cache knows not at all", async () => {
  const known = new Map<number, Int8Array>();
  let saves = 0;
  const cache = {
    get: (key: number) => known.get(key),
    set: (key: number, codes: Int8Array) => known.set(key, codes),
    save: () => Promise.resolve(void (saves += 1)),
  } as unknown as VectorCache;
  const first = toyEmbedder();
  const done: number[] = [];
  await (await createIndex(first.embedder, { cache })).add(texts, { onProgress: (count) => done.push(count) });
  expect(first.asked).toHaveLength(4);
  expect([done[0], done.at(-1)]).toEqual([0, 5]);
  const second = toyEmbedder();
  const index = await createIndex(second.embedder, { cache });
  await index.add([...texts, "new engine"]);
  expect(second.asked).toEqual(["new engine"]);
  expect((await index.search("animal", { mode: "semantic", k: 1 }))[0].id).toBe("0");
  expect(saves).toBe(2);
});

test("an index of nothing finds nothing, and wrong options are refused", async () => {
  const index = await indexOf([]);
  expect(await index.search("x")).toEqual([]);
  await expect(index.search("x", { k: 0 })).rejects.toThrow("k must be a whole number of at least 1, got 0.");
  await expect(index.search("x", { mode: "fuzzy" as "hybrid" })).rejects.toThrow(
    'Unknown search mode "fuzzy". Use one of: hybrid, semantic, lexical.',
  );
});

test("a query of 100,000 characters is answered", async () => {
  const index = await indexOf();
  const hits = await index.search("cat engine ".repeat(9091), { k: 3 });
  expect(hits).toHaveLength(3);
});

test("an aborted add adds nothing", async () => {
  const index = await indexOf();
  await expect(index.add(["more"], { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  expect(await index.count()).toBe(5);
});

test("items and queries that are no texts are refused with what was got", async () => {
  const index = await createIndex(undefined);
  const refused: [items: unknown, message: string][] = [
    ["abc", 'Items must be an array of texts or of objects with a text, got "abc".'],
    [undefined, "Items must be an array of texts or of objects with a text, got undefined."],
    [[undefined], "Item 0 must be a text or an object with a string text, got undefined."],
    [["a", { x: 1 }], 'Item 1 must be a text or an object with a string text, got {"x":1}.'],
    [[7], "Item 0 must be a text or an object with a string text, got 7."],
    [[{ text: "a", heading: 3 }], "Item 0 must be with a heading that is a string or left out, got"],
    [[{ text: "a", id: "" }], "Item 0 must be with an id that is a string, not empty, or left out, got"],
  ];
  for (const [items, message] of refused) {
    const error = await index.add(items as string[]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid-argument", message: expect.stringContaining(message) as string });
  }
  await expect(index.search(undefined as unknown as string)).rejects.toThrow(
    "A query must be a string or a Float32Array, got undefined.",
  );
});

test("the zero vector and vectors that are not finite have codes of zeros", () => {
  for (const vector of [Float32Array.of(0, 0), Float32Array.of(Infinity, 1), Float32Array.of(Number.NaN, Number.NaN)])
    expect([...encodeDirection(vector)]).toEqual([0, 0]);
  expect([...encodeDirection(Float32Array.of(2, -1))]).toEqual([127, -63]);
});

test("different texts have different keys", () => {
  const keys = new Set(Array.from({ length: 200_000 }, (_, i) => contentKey(`text ${i}`)));
  expect(keys.size).toBe(200_000);
  expect(contentKey("")).toBe(contentKey(""));
  expect([...keys].every(Number.isSafeInteger)).toBe(true);
});
