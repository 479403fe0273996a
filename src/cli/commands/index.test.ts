import { rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, root, semspace, write } from "../../../test/semspace-process.ts";

test("an index is built, searched, brought up to its folder, and described", async () => {
  write(
    "shop/orders.md",
    "# Orders\n\nAn order can be cancelled until it is shipped.\n\n## Returns\n\nSend it back within 30 days.\n",
  );
  write("shop/notes/soup.txt", "Boil the leeks, then add cream.\n");
  write("shop/prices.csv", "item,note\npen,blue ink\nlamp,warm light\n");
  write("shop/picture.png", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1]));
  const built = await semspace(["index", "build", "shop", "--output", "shop/.index", "--json"]);
  expect(built.err).toBe("");
  expect(jsonLines(built.out)[0]).toMatchObject({ files: 4, read: 3, embedded: 5, passages: 5, skipped: 0 });

  const found = await semspace(["index", "search", "shop/.index", "cooking a meal", "--json", "-n", "1"]);
  const text = "Boil the leeks, then add cream.";
  expect(jsonLines(found.out)).toEqual([
    { file: "shop/notes/soup.txt", line: 1, endLine: 1, score: expect.any(Number), text },
  ]);
  const filter = JSON.stringify({ file: { $ne: "notes/soup.txt" } });
  const words = await semspace([
    "index",
    "search",
    "shop/.index",
    "boil blue lamp",
    "--lexical",
    "--filter",
    filter,
    "--json",
  ]);
  expect(jsonLines(words.out).map(({ line }) => line)).toEqual([2, 3]);

  write("shop/notes/soup.txt", "Peel the potatoes.\n");
  write("shop/new.md", "Bees make honey.\n");
  rmSync(join(root, "shop/prices.csv"));
  utimesSync(join(root, "shop/orders.md"), 1, 1);
  const updated = await semspace(["index", "update", "shop/.index", "--json"]);
  expect(jsonLines(updated.out)[0]).toMatchObject({ files: 4, read: 2, same: 2, removed: 1, embedded: 2, passages: 4 });
  const after = await semspace([
    "index",
    "search",
    "shop/.index",
    "leeks, lamps, honey, potatoes",
    "--lexical",
    "--json",
  ]);
  expect(jsonLines(after.out).map((hit) => hit["text"])).toEqual(
    expect.arrayContaining(["Bees make honey.", "Peel the potatoes."]),
  );
  expect(jsonLines(after.out)).toHaveLength(2);
  const info = await semspace(["index", "info", "shop/.index", "--json"]);
  expect(jsonLines(info.out)[0]).toMatchObject({ files: 4, passages: 4, unit: "passage", maxTokens: 200, model: null });
});

test("an index that is there, missing, or damaged is said to be so", async () => {
  write("few/a.txt", "One text.\n");
  expect((await semspace(["index", "build", "few", "-o", "few.index"])).code).toBe(0);
  const again = await semspace(["index", "build", "few", "-o", "few.index"]);
  expect([again.code, again.err]).toEqual([1, expect.stringContaining("few.index holds an index already.")]);
  const file = await semspace(["index", "build", "few", "-o", "few/a.txt"]);
  expect([file.code, file.err]).toEqual([1, expect.stringContaining("few/a.txt is a file. Name a new folder")]);
  const none = await semspace(["index", "update", "nowhere"]);
  expect([none.code, none.err]).toEqual([1, expect.stringContaining("No index of documents in nowhere.")]);
  const usage = await semspace(["index", "search", "few.index", "text", "--filter", "{"]);
  expect([usage.code, usage.err]).toEqual([2, expect.stringContaining("--filter must be JSON")]);
  write("few.index/files.json", '{"format":"semspace-index-files","version":1}');
  const damaged = await semspace(["index", "update", "few.index"]);
  expect([damaged.code, damaged.err]).toEqual([1, expect.stringContaining("files.json is damaged.")]);
});

test("near-duplicate lines are removed and the first is kept", async () => {
  const input = "The cat sat on the mat.\nThe cat sat on the mat!\nDogs bark.\nThe cat sat on the mat.\n";
  const { out, err } = await semspace(["deduplicate"], { input });
  expect([out, err]).toEqual(["The cat sat on the mat.\nDogs bark.\n", "2 of 4 texts kept\n"]);
  const json = await semspace(["deduplicate", "--json"], { input });
  expect(jsonLines(json.out).map(({ duplicateOf }) => duplicateOf)).toEqual([null, 0, null, 0]);
  write("texts.jsonl", '{"text": "Dogs bark.", "id": 1}\n{"id": 2, "text": "Dogs bark"}\n');
  const records = await semspace(["deduplicate", "texts.jsonl", "--duplicates"]);
  expect(records.out).toMatch(/^2\t1\t(0\.9\d+|1\.0000)\tDogs bark\n$/);
  expect((await semspace(["deduplicate", "--threshold", "0.3"], { input })).code).toBe(2);
});
