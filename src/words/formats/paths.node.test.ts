import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { Matrix } from "../../matrix/index.ts";
import { WordVectors } from "../word-vectors.ts";
import { loadWordVectors } from "./load.ts";
import { saveWordVectors, wordVectorFiles } from "./save.ts";

const folder = mkdtempSync(join(tmpdir(), "semspace-words-"));
afterAll(() => rmSync(folder, { recursive: true }));
const vectors = new WordVectors(["a", "b"], Matrix.fromRows([[1, 2], [3, 4.5]])); // oxfmt-ignore

test("files are written whole, with those beside them, and read from paths, file URLs and packed", async () => {
  for (const name of ["v.txt", "v.bin", "v.kv", "v.npy", "v.safetensors"]) {
    const path = join(folder, name);
    await saveWordVectors(vectors, path);
    expect((await loadWordVectors(path)).vectors, name).toEqual(vectors.vectors);
  }
  expect(readdirSync(folder).toSorted()).toEqual(
    ["v.bin", "v.kv", "v.kv.vectors.npy", "v.npy", "v.safetensors", "v.txt", "v.words.txt"].toSorted(),
  );
  expect((await loadWordVectors(pathToFileURL(join(folder, "v.txt")))).words).toEqual(["a", "b"]);
  writeFileSync(join(folder, "v.txt.gz"), gzipSync(readFileSync(join(folder, "v.txt"))));
  expect((await loadWordVectors(join(folder, "v.txt.gz"))).vectors).toEqual(vectors.vectors);
});

test("a name that ends in .gz is packed, where the format is one file", async () => {
  for (const name of ["g.txt.gz", "g.bin.gz", "g.glove.gz", "g.vec.gz", "g.safetensors.gz"]) {
    const path = join(folder, name);
    expect(await saveWordVectors(vectors, path)).toEqual([path]);
    expect([...readFileSync(path).subarray(0, 2)], name).toEqual([0x1f, 0x8b]);
    expect((await loadWordVectors(path)).vectors, name).toEqual(vectors.vectors);
  }
  await expect(saveWordVectors(vectors, join(folder, "g.kv.gz"))).rejects.toThrow("makes two files");
  await expect(saveWordVectors(vectors, join(folder, "g.npy.gz"))).rejects.toThrow("makes two files");
  await expect(saveWordVectors(vectors, join(folder, "g.doc.gz"))).rejects.toThrow("does not say which format");
  expect(Object.keys(wordVectorFiles(vectors, "g.txt.gz"))).toEqual(["g.txt"]);
});

test("a path without a file is said", async () => {
  await expect(loadWordVectors(join(folder, "none.txt"))).rejects.toThrow(/No such file: .*none\.txt/);
});
