import { expect, test } from "vitest";
import { openFolderStore } from "./folder-store.ts";

const path = new URL("../../../test/golden/index-folder/", import.meta.url).href;
const vector = (i: number): Float32Array => Float32Array.from({ length: 5 }, (_, k) => Math.sin((i + 1) * (k + 2)));

test("an index that Node has written is read at its URL", async () => {
  const store = await openFolderStore(path);
  expect(await store.count()).toBe(12);
  expect((await store.search(vector(7), { k: 1 }))[0]).toMatchObject({ id: "e7", metadata: { n: 7 } });
  expect((await store.searchText("ключ", { k: 2 })).map(({ id }) => id)).toEqual(["e1", "e4"]);
  expect((await store.get(["e3", "e12"])).map((entry) => entry?.text)).toEqual([undefined, "word12 in an index, één"]);
  await store.close();
});

test("a page cannot write it, and says so", async () => {
  const store = await openFolderStore(path);
  await expect(store.upsert([{ id: "x", vector: vector(1) }])).rejects.toMatchObject({ code: "unavailable" });
  await expect(openFolderStore(`${path}nowhere/`, { create: false })).rejects.toMatchObject({ code: "missing-file" });
});
