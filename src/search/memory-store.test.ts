import { expect, test } from "vitest";
import { storeContract } from "../../test/store-contract.ts";
import { randomNumbers } from "../matrix/random-numbers.ts";
import { indexDtypes } from "./index-options.ts";
import { createMemoryStore } from "./memory-store.ts";

for (const dtype of indexDtypes)
  storeContract(`memory, ${dtype}`, { open: () => Promise.resolve(createMemoryStore({ dimensions: 3, dtype })) });

storeContract("memory, graph", {
  open: () => Promise.resolve(createMemoryStore({ dimensions: 3, graph: true })),
});

test("a graph finds nearly all of the nearest, deleted and filtered ones left out", async () => {
  const random = randomNumbers(9);
  const vector = (): Float32Array => Float32Array.from({ length: 12 }, () => random() - 0.5);
  const entries = Array.from({ length: 3000 }, (_, i) => ({
    id: `${i}`,
    vector: vector(),
    metadata: { even: i % 2 === 0 },
  }));
  const [exact, graph] = [createMemoryStore({ dimensions: 12 }), createMemoryStore({ dimensions: 12, graph: true })];
  for (const store of [exact, graph]) {
    await store.upsert(entries);
    await store.delete(entries.slice(0, 500).map(({ id }) => id));
  }
  for (const filter of [undefined, { even: true }]) {
    let found = 0;
    for (let i = 0; i < 20; i += 1) {
      const query = vector();
      const best = new Set((await exact.search(query, { k: 10, filter })).map(({ id }) => id));
      for (const { id } of await graph.search(query, { k: 10, filter })) if (best.has(id)) found += 1;
    }
    expect(found / 200).toBeGreaterThan(0.95);
  }
  await Promise.all([exact.close(), graph.close()]);
});

test("codes and threads change nothing in what is found", async () => {
  const random = randomNumbers(2);
  const vector = (): Float32Array => Float32Array.from({ length: 128 }, () => random() - 0.5);
  const entries = Array.from({ length: 18_000 }, (_, i) => ({ id: `${i}`, vector: vector() }));
  const settings = [
    { codes: false, threads: 1 },
    { codes: true, threads: 1 },
    { codes: true, threads: 2 },
  ];
  const stores = settings.map((options) => createMemoryStore({ dimensions: 128, ...options }));
  const queries = [vector(), vector(), entries[7].vector];
  const results: string[] = [];
  for (const store of stores) {
    await store.upsert(entries);
    await store.delete(["3", "7"]);
    const hits = await store.searchMany(queries, { k: 20 });
    results.push(JSON.stringify(hits.map((one) => one.map(({ id, score }) => [id, score.toFixed(6)]))));
    await store.close();
  }
  expect(results[1]).toBe(results[0]);
  expect(results[2]).toBe(results[0]);
});

test("many queries at once find what each finds alone", async () => {
  const random = randomNumbers(3);
  const vector = (): Float32Array => Float32Array.from({ length: 20 }, () => random() - 0.5);
  for (const dtype of indexDtypes) {
    const store = createMemoryStore({ dimensions: 20, dtype });
    await store.upsert(Array.from({ length: 900 }, (_, i) => ({ id: `${i}`, vector: vector() })));
    const queries = Array.from({ length: 70 }, vector);
    const together = await store.searchMany(queries, { k: 5 });
    for (const [i, query] of queries.entries()) expect(await store.search(query, { k: 5 })).toEqual(together[i]);
    await store.close();
  }
});

test("the first dimensions find candidates, all dimensions rank them", async () => {
  const random = randomNumbers(5);
  // As a Matryoshka model has it: the first dimensions say most.
  const vector = (): Float32Array => Float32Array.from({ length: 64 }, (_, k) => (random() - 0.5) / (1 + k));
  const entries = Array.from({ length: 3000 }, (_, i) => ({ id: `${i}`, vector: vector() }));
  const exact = createMemoryStore({ dimensions: 64 });
  const staged = createMemoryStore({ dimensions: 64, firstDimensions: 16 });
  await exact.upsert(entries);
  await staged.upsert(entries);
  for (let i = 0; i < 10; i += 1) {
    const query = vector();
    const [a, b] = [await exact.search(query, { k: 10 }), await staged.search(query, { k: 10 })];
    expect(b.map(({ id }) => id)).toEqual(a.map(({ id }) => id));
    expect(b[0].score).toBeCloseTo(a[0].score, 6);
  }
  await Promise.all([exact.close(), staged.close()]);
});

test("dot products are ranked by length too", async () => {
  const store = createMemoryStore({ dimensions: 2, measure: "dot", dtype: "int8" });
  await store.upsert([
    { id: "near", vector: Float32Array.of(1, 0) },
    { id: "long", vector: Float32Array.of(4, 3) },
  ]);
  expect((await store.search(Float32Array.of(1, 0), { k: 1 }))[0].id).toBe("long");
  await store.close();
});

test("wrong options are refused", () => {
  expect(() => createMemoryStore({ dimensions: 2, dtype: "float16" as "int8" })).toThrow('Unknown dtype "float16".');
  expect(() => createMemoryStore({ dimensions: -1 })).toThrow("dimensions must be a whole number");
  expect(() => createMemoryStore({ dimensions: 2, threads: 0 })).toThrow("threads must be");
});
