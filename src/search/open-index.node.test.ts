import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Matrix } from "../matrix/index.ts";
import type { Embedder } from "../texts/embedder.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createIndex, openIndex } from "./search-index.ts";

const root = mkdtempSync(join(tmpdir(), "semspace-open-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Letters counted, from a place in the alphabet that is the model's own. */
function letters(name: string, dimensions: number, shift = 0): Embedder {
  const vector = (text: string): Float32Array => {
    const counts = new Float32Array(dimensions).fill(0.01);
    for (const letter of text.toLowerCase()) counts[(letter.charCodeAt(0) * (1 + shift) + shift) % dimensions] += 1;
    return counts;
  };
  const encode = (input: string | readonly string[]) =>
    Promise.resolve(typeof input === "string" ? vector(input) : Matrix.fromRows(input.map(vector)));
  return { name, dimensions, encode, encodeQuery: encode, encodeDocument: encode } as unknown as Embedder;
}

test("an index that was closed is opened with its model and goes on", async () => {
  const path = join(root, "goes-on");
  const index = await createIndex(letters("a", 26), { path, dtype: "int8" });
  await index.add([{ id: "one", text: "banana", metadata: { n: 1 } }, "zebra"]);
  await index.close();
  const again = await openIndex(path, letters("a", 26));
  expect((await again.search("bananas", { k: 1 }))[0]).toMatchObject({ id: "one", text: "banana", metadata: { n: 1 } });
  await again.add(["bandana"]);
  await again.close();
  const more = await createIndex(letters("a", 26), { path });
  expect(await more.count()).toBe(3);
  await more.close();
});

test("another model is refused with both names and what to do, by dimensions, by what it makes of a text, by fingerprint", async () => {
  const path = join(root, "refused");
  await (await createIndex(letters("first", 26), { path, fingerprint: "f1" })).close();
  await expect(openIndex(path, letters("second", 30))).rejects.toMatchObject({
    code: "mismatch",
    message: expect.stringContaining(
      "was made with first (26 dimensions), you gave second (30 dimensions). Open it with the first, or make a new index",
    ) as string,
  });
  await expect(openIndex(path, letters("third", 26, 4))).rejects.toThrow("you gave third (26 dimensions)");
  await expect(openIndex(path, letters("first", 26), { fingerprint: "f2" })).rejects.toMatchObject({
    code: "mismatch",
  });
  // The same model under another name, and without an embedder for words alone.
  await (await openIndex(path, letters("renamed", 26))).close();
  await (await openIndex(path)).close();
});

test("a store of other dimensions is refused", async () => {
  const store = createMemoryStore({ dimensions: 3 });
  await expect(createIndex(letters("a", 26), { store })).rejects.toThrow("has vectors of 3 dimensions, a makes 26");
});
