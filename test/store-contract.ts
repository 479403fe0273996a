/** What every store does, whatever keeps its entries: the tests that each store's own test file runs. */
import { expect, test } from "vitest";
import type { Store, StoreEntry } from "../src/search/store.ts";

const entries: StoreEntry[] = [
  {
    id: "north",
    vector: Float32Array.of(0, 2, 0),
    text: "Snow and pines.",
    metadata: { kind: "cold", year: 2020, tags: ["a", "b"] },
  },
  { id: "east", vector: Float32Array.of(3, 0, 0), text: "Rice fields.", metadata: { kind: "warm", year: 2022 } },
  {
    id: "north-east",
    vector: Float32Array.of(1, 1.1, 0),
    text: "Snow on rice fields.",
    metadata: { kind: "cold", year: 2024 },
  },
  { id: "up", vector: Float32Array.of(0, 0, 1) },
];

/** `open` gives a new empty store of three dimensions and cosines; `again`, of a store that keeps, the same entries in a new store. */
export function storeContract(
  name: string,
  { open, again }: { open: () => Promise<Store>; again?: (store: Store) => Promise<Store> },
): void {
  const filled = async (): Promise<Store> => {
    const store = await open();
    await store.upsert(entries);
    return again ? again(store) : store;
  };
  const idsOf = async (found: ReturnType<Store["search"]>): Promise<string[]> => (await found).map(({ id }) => id);
  const north = Float32Array.of(0, 1, 0);

  test(`${name}: the nearest come first, with cosine, text and metadata`, async () => {
    const store = await filled();
    const hits = await store.search(north, { k: 2 });
    expect(hits.map(({ id }) => id)).toEqual(["north", "north-east"]);
    expect(hits[0].score).toBeCloseTo(1, 2);
    expect(hits[1].score).toBeCloseTo(1.1 / Math.hypot(1, 1.1), 1);
    expect(hits[0]).toMatchObject({
      text: "Snow and pines.",
      metadata: { kind: "cold", year: 2020, tags: ["a", "b"] },
    });
    await store.close();
  });

  test(`${name}: k beyond the entries gives all, a score that is too low none`, async () => {
    const store = await filled();
    expect(await idsOf(store.search(north, { k: 100 }))).toHaveLength(4);
    expect(await idsOf(store.search(north, { k: 100, minScore: 0.5 }))).toEqual(["north", "north-east"]);
    expect(await idsOf(store.search(north, { k: 3, minScore: 2 }))).toEqual([]);
    await store.close();
  });

  test(`${name}: filters decide what may be found`, async () => {
    const store = await filled();
    const find = (filter: object): Promise<string[]> => idsOf(store.search(north, { k: 10, filter: filter as never }));
    expect(await find({ kind: "cold" })).toEqual(["north", "north-east"]);
    expect(await find({ year: { $gte: 2022, $lt: 2024 } })).toEqual(["east"]);
    expect(await find({ tags: { $in: ["b", "z"] } })).toEqual(["north"]);
    expect(new Set(await find({ kind: { $ne: "cold" } }))).toEqual(new Set(["east", "up"]));
    expect(await find({ kind: { $exists: false } })).toEqual(["up"]);
    expect(await find({ $or: [{ year: { $gt: 2023 } }, { kind: "warm" }] })).toEqual(["north-east", "east"]);
    expect(await find({ $not: { kind: { $in: ["cold", "warm"] } } })).toEqual(["up"]);
    await expect(find({ year: { $near: 3 } })).rejects.toThrow('Unknown operator "$near" of "year".');
    await store.close();
  });

  test(`${name}: an entry with an id that is there takes the place of the old one`, async () => {
    const store = await filled();
    await store.upsert([{ id: "east", vector: Float32Array.of(0, 5, 0), text: "Moved." }]);
    expect(await store.count()).toBe(4);
    expect(await idsOf(store.search(Float32Array.of(1, 0, 0), { k: 1 }))).toEqual(["north-east"]);
    const [east] = await store.get(["east"]);
    expect(east).toMatchObject({ id: "east", text: "Moved." });
    expect(east?.metadata).toBeUndefined();
    const reopened = again ? await again(store) : store;
    expect((await reopened.get(["east"]))[0]?.text).toBe("Moved.");
    expect(await reopened.count()).toBe(4);
    await reopened.close();
  });

  test(`${name}: of equal ids in one call the last counts`, async () => {
    const store = await filled();
    await store.upsert([
      { id: "twice", vector: Float32Array.of(1, 0, 0), text: "first" },
      { id: "twice", vector: Float32Array.of(0, 1, 0), text: "second" },
    ]);
    expect(await store.count()).toBe(5);
    expect((await store.get(["twice"]))[0]?.text).toBe("second");
    await store.close();
  });

  test(`${name}: what was deleted is not found, got, listed or counted`, async () => {
    const store = await filled();
    expect(await store.delete(["north", "nowhere"])).toBe(1);
    const reopened = again ? await again(store) : store;
    expect(await idsOf(reopened.search(north, { k: 10 }))).not.toContain("north");
    expect(await reopened.get(["north", "up"])).toMatchObject([undefined, { id: "up" }]);
    const listed: string[] = [];
    for await (const { id } of reopened.list()) listed.push(id);
    expect(listed).toEqual(["east", "north-east", "up"]);
    expect(await reopened.count()).toBe(3);
    await reopened.close();
  });

  test(`${name}: a vector comes back as it is kept, of length 1`, async () => {
    const store = await filled();
    const [entry] = await store.get(["north-east"]);
    const length = Math.hypot(1, 1.1);
    for (const [i, value] of [1 / length, 1.1 / length, 0].entries()) expect(entry!.vector[i]).toBeCloseTo(value, 2);
    await store.close();
  });

  test(`${name}: nothing of a call is done when one entry is wrong`, async () => {
    const store = await filled();
    const add = (entry: object): Promise<void> => store.upsert([{ id: "good", vector: north }, entry as StoreEntry]);
    await expect(add({ id: "x", vector: Float32Array.of(1, 2) })).rejects.toMatchObject({ code: "mismatch" });
    await expect(add({ id: "x", vector: Float32Array.of(1, Number.NaN, 0) })).rejects.toThrow(
      "is not finite: value 1 is NaN",
    );
    await expect(add({ id: "x", vector: Float32Array.of(1, Infinity, 0) })).rejects.toThrow("is not finite");
    await expect(add({ id: "", vector: north })).rejects.toThrow("needs an id");
    await expect(add({ id: "x", vector: [1, 2, 3] })).rejects.toThrow("must be a Float32Array");
    await expect(add({ id: "x", vector: north, metadata: { at: new Date() } })).rejects.toThrow(
      'Metadata "at" of entry "x" is not JSON',
    );
    await expect(store.search(Float32Array.of(1), { k: 1 })).rejects.toMatchObject({ code: "mismatch" });
    await expect(store.search(Float32Array.of(Number.NaN, 0, 0), { k: 1 })).rejects.toThrow("is not finite");
    await expect(store.search(north, { k: 0 })).rejects.toThrow("k must be a whole number of at least 1, got 0.");
    expect(await store.count()).toBe(4);
    expect(await store.get(["good"])).toEqual([undefined]);
    await store.close();
  });

  test(`${name}: an empty store finds nothing`, async () => {
    const store = await open();
    expect(await store.search(north, { k: 3 })).toEqual([]);
    expect(await store.searchText?.("snow", { k: 3 })).toEqual(store.searchText && []);
    expect(await store.searchHybrid?.({ vector: north, text: "snow" }, { k: 3 })).toEqual(store.searchHybrid && []);
    expect(await store.count()).toBe(0);
    await store.upsert([]);
    await store.flush();
    await store.close();
    await expect(store.count()).rejects.toMatchObject({ code: "disposed" });
  });

  test(`${name}: words are found in what is there now, and fused with meaning`, async () => {
    const store = await filled();
    if (!store.searchText || !store.searchHybrid) return store.close();
    expect(await idsOf(store.searchText("snow", { k: 10 }))).toEqual(["north", "north-east"]);
    expect(await idsOf(store.searchText("snow", { k: 10, filter: { year: { $gt: 2020 } } }))).toEqual(["north-east"]);
    const east = Float32Array.of(1, 0, 0);
    expect(
      (await idsOf(store.searchHybrid({ vector: Float32Array.of(1, 1, 0), text: "snow rice" }, { k: 4 })))[0],
    ).toBe("north-east");
    for (const fusion of ["weighted", "reciprocal-rank"] as const) {
      const hits = await idsOf(store.searchHybrid({ vector: east, text: "rice" }, { k: 2, fusion }));
      expect(hits[0]).toBe("east");
    }
    await store.upsert([{ id: "north", vector: north, text: "Nothing but sand." }]);
    expect(await idsOf(store.searchText("snow", { k: 10 }))).toEqual(["north-east"]);
    expect(await idsOf(store.searchText("sand", { k: 10 }))).toEqual(["north"]);
    await store.close();
  });

  test(`${name}: scores after changes are those of a store that was filled at once`, async () => {
    const words = ["red", "green", "blue", "sand", "snow"];
    const all = Array.from({ length: 60 }, (_, i) => ({
      id: `e${i}`,
      vector: Float32Array.of(Math.sin(i), Math.cos(3 * i), Math.sin(5 * i)),
      text: Array.from({ length: 1 + (i % 7) }, (_, j) => words[(i * j + i) % 5]).join(" "),
    }));
    const changed = await open();
    for (let i = 0; i < 60; i += 7) {
      await changed.upsert(all.slice(i, i + 7).map(({ id, vector }) => ({ id, vector, text: "snow snow blue" })));
      await changed.upsert(all.slice(i, i + 7));
      await changed.searchText?.("blue", { k: 1 });
      await changed.flush();
    }
    await changed.delete(all.filter((_, i) => i % 3 === 0).map(({ id }) => id));
    const fresh = await open();
    await fresh.upsert(all.filter((_, i) => i % 3 !== 0));
    const reopened = again ? await again(changed) : changed;
    const query = { vector: Float32Array.of(0.3, 0.5, -0.2), text: "blue sand" };
    for (const ask of [
      (store: Store) => store.search(query.vector, { k: 50 }),
      (store: Store) => store.searchText?.(query.text, { k: 50 }),
      (store: Store) => store.searchHybrid?.(query, { k: 50 }),
    ]) {
      const [a, b] = [await ask(reopened), await ask(fresh)];
      expect(a?.map(({ id, score }) => [id, score.toFixed(5)])).toEqual(
        b?.map(({ id, score }) => [id, score.toFixed(5)]),
      );
    }
    await reopened.close();
    await fresh.close();
  });
}
