import { expect, test } from "vitest";
import { storeContract } from "../../test/store-contract.ts";
import { randomNumbers } from "../matrix/random-numbers.ts";
import { indexDtypes } from "./index-options.ts";
import { createMemoryStore } from "./memory-store.ts";

for (const dtype of indexDtypes)
  storeContract(`memory, ${dtype}`, { open: () => Promise.resolve(createMemoryStore({ dimensions: 3, dtype })) });

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
