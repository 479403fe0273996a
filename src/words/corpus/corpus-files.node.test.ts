import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { corpusLines } from "../../formats/corpus-source.ts";
import { encodeCorpus } from "./encode-corpus.ts";
import { loadVocabulary } from "./vocabulary.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "corpus-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const content = "the cat sat\r\non the mat\n\nthe end";

test("a file and the same file gzipped are the same corpus", async () => {
  const plain = join(folder, "a.txt");
  writeFileSync(plain, content);
  writeFileSync(`${plain}.gz`, gzipSync(content));
  for (const path of [plain, `${plain}.gz`]) {
    const corpus = await encodeCorpus(path, { minCount: 1 });
    expect(corpus.vocabulary.words).toEqual(["the", "cat", "sat", "on", "mat", "end"]);
    expect(corpus).toMatchObject({ tokens: 8, lines: 4 });
    const lines: string[] = [];
    for await (const line of corpusLines(path)) lines.push(line);
    expect(lines).toEqual(["the cat sat", "on the mat", "", "the end"]);
  }
});

test("a vocabulary is saved and loaded", async () => {
  const corpus = await encodeCorpus([content], { minCount: 1 });
  await corpus.vocabulary.save(join(folder, "vocabulary.txt"));
  expect((await loadVocabulary(join(folder, "vocabulary.txt"))).words).toEqual(corpus.vocabulary.words);
});

test("a missing file and a broken gzip file are refused", async () => {
  await expect(encodeCorpus(join(folder, "none.txt"))).rejects.toThrow("No such file");
  const whole = gzipSync(content.repeat(1000));
  writeFileSync(join(folder, "cut.gz"), whole.subarray(0, whole.length - 20));
  await expect(encodeCorpus(join(folder, "cut.gz"))).rejects.toThrow("no whole gzip file");
  writeFileSync(join(folder, "no.gz"), content);
  await expect(encodeCorpus(join(folder, "no.gz"))).rejects.toThrow("no whole gzip file");
});

test("ids above the memory limit are in a temporary file that dispose removes", async () => {
  const corpus = await encodeCorpus([content], { minCount: 1, memoryLimit: 0 });
  expect(corpus.place.path).toBeDefined();
  expect(corpus.place.blocks).toEqual([]);
  await corpus.dispose();
  await expect(corpus.open()).rejects.toThrow("ENOENT");
});
