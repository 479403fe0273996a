import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { storeContract } from "../../../test/store-contract.ts";
import { indexDtypes } from "../index-options.ts";
import type { Store, StoreEntry } from "../store.ts";
import { openFolderStore } from "./folder-store.ts";

const root = mkdtempSync(join(tmpdir(), "semspace-index-"));
let next = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

for (const settings of [...indexDtypes.map((dtype) => ({ dtype })), { dtype: "float32", graph: true } as const]) {
  const paths = new Map<Store, string>();
  const opened = async (path: string, options = {}): Promise<Store> => {
    const store = await openFolderStore(path, options);
    paths.set(store, path);
    return store;
  };
  storeContract(`folder, ${Object.keys(settings).join(" and ")} ${settings.dtype}`, {
    open: () => opened(join(root, `${(next += 1)}`), { dimensions: 3, ...settings }),
    again: async (store) => {
      await store.close();
      return opened(paths.get(store)!, settings);
    },
  });
}

const folder = (): string => join(root, `${(next += 1)}`);
const unit = (i: number): Float32Array => Float32Array.of(Math.sin(i), Math.cos(i), 0.1 * i);
const many = (from: number, to: number): StoreEntry[] =>
  Array.from({ length: to - from }, (_, i) => ({
    id: `e${from + i}`,
    vector: unit(from + i),
    text: `word${from + i}`,
  }));

test("what was not flushed is not there for others, what was flushed is", async () => {
  const path = folder();
  const writer = await openFolderStore(path, { dimensions: 3 });
  await writer.upsert(many(0, 10));
  await writer.flush();
  await writer.upsert(many(10, 20));
  const reader = await openFolderStore(path);
  expect(await reader.count()).toBe(10);
  expect(await reader.search(unit(15), { k: 1 })).toHaveLength(1);
  await writer.close();
  expect(await (await openFolderStore(path)).count()).toBe(20);
});

test("two readers search while one writes, deletes and compacts", async () => {
  const path = folder();
  const writer = await openFolderStore(path, { dimensions: 3 });
  await writer.upsert(many(0, 50));
  await writer.flush();
  const [early, late] = [await openFolderStore(path), await openFolderStore(path)];
  expect((await early.search(unit(7), { k: 1 }))[0].id).toBe("e7");
  for (let i = 0; i < 6; i += 1) {
    await writer.upsert(many(0, 50));
    await writer.flush();
    expect((await early.search(unit(7), { k: 1 }))[0].id).toBe("e7");
  }
  // The files that the late reader knew are gone by now: it reads the manifest again.
  expect((await late.search(unit(8), { k: 1 }))[0].text).toBe("word8");
  expect((await late.searchText("word9", { k: 1 }))[0].id).toBe("e9");
  await Promise.all([writer.close(), early.close(), late.close()]);
});

test("a second writer is told that there is one, and may write when it is done", async () => {
  const path = folder();
  const first = await openFolderStore(path, { dimensions: 3 });
  await first.upsert(many(0, 3));
  await first.flush();
  const second = await openFolderStore(path);
  await expect(second.upsert(many(3, 4))).rejects.toThrow("is being written by another program");
  await first.upsert(many(4, 5));
  await first.close();
  await second.upsert(many(3, 4));
  expect(await second.count()).toBe(5);
  await second.close();
});

test("what a killed program left behind is no part of the index and goes away", async () => {
  const path = folder();
  const store = await openFolderStore(path, { dimensions: 3 });
  await store.upsert(many(0, 3));
  await store.close();
  writeFileSync(join(path, "000002.vectors.safetensors"), "half a seg");
  writeFileSync(join(path, "manifest.json.77.x.part"), "{");
  writeFileSync(join(path, "writer.lock"), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: "dead" }));
  const after = await openFolderStore(path);
  expect(await after.count()).toBe(3);
  await after.upsert(many(3, 4));
  await after.close();
  expect(readdirSync(path).filter((name) => name.endsWith(".part") || name === "writer.lock")).toEqual([]);
  expect(await (await openFolderStore(path)).count()).toBe(4);
});

test("many small flushes become few segments, and entries that were replaced do not pile up", async () => {
  const path = folder();
  const store = await openFolderStore(path, { dimensions: 3 });
  for (let i = 0; i < 40; i += 1) {
    await store.upsert(many(i, i + 1));
    await store.flush();
  }
  const segments = (): number => readdirSync(path).filter((name) => name.endsWith(".ids.json")).length;
  expect(segments()).toBeLessThan(7);
  for (let i = 0; i < 3; i += 1) {
    await store.upsert(many(0, 600));
    await store.flush();
  }
  expect(await store.count()).toBe(600);
  expect((await store.search(unit(500), { k: 1 }))[0].id).toBe("e500");
  await store.close();
});

test("a graph is kept with the index and grows with it", async () => {
  const path = folder();
  const store = await openFolderStore(path, { dimensions: 3, graph: true });
  await store.upsert(many(0, 300));
  await store.search(unit(3), { k: 1 });
  await store.close();
  expect(readdirSync(path).some((name) => name.includes(".graph."))).toBe(true);
  // Without being asked for: it is there.
  const again = await openFolderStore(path);
  expect((await again.search(unit(123), { k: 1 }))[0].id).toBe("e123");
  await again.upsert(many(300, 310));
  expect((await again.search(unit(305), { k: 1 }))[0].id).toBe("e305");
  await again.close();
});

test("a folder without an index is said, or made into one", async () => {
  await expect(openFolderStore(folder(), { create: false })).rejects.toThrow("there is no manifest.json");
  const path = folder();
  await (await openFolderStore(path, { dimensions: 3, create: true })).close();
  expect(existsSync(join(path, "manifest.json"))).toBe(true);
  await expect(openFolderStore(path, { dtype: "int8" })).rejects.toThrow("has dtype float32, int8 was asked for");
  await expect(openFolderStore(path, { dimensions: 4 })).rejects.toThrow("has dimensions 3, 4 was asked for");
});

test("a folder of the first version is read", async () => {
  const store = await openFolderStore(join(import.meta.dirname, "../../../test/golden/index-folder"));
  const vector = Float32Array.from({ length: 5 }, (_, k) => Math.sin(8 * (k + 2)));
  expect((await store.search(vector, { k: 1 }))[0]).toMatchObject({ id: "e7", metadata: { n: 7 } });
  expect((await store.searchText("word12", { k: 5 })).map(({ id }) => id)).toEqual(["e12"]);
  expect(await store.count()).toBe(12);
  await store.close();
});
