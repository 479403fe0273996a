/** `semspace words …` from the sources, as a process of its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const root = mkdtempSync(join(tmpdir(), "semspace-words-cli-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function words(...args: string[]): { code: number | null; out: string; err: string } {
  const main = join(import.meta.dirname, "main.ts");
  const node = ["--import", import.meta.resolve("tsx"), "--conditions=semspace-source", main, "words", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, node, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { code: status, out: stdout, err: stderr };
}

const objects = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

writeFileSync(join(root, "v.glove"), "king 1 0 1\nqueen 1 1 1\nman 0.5 0 0\nwoman 0.5 1 0\napple -1 0 0.2\n");

test("neighbors, analogy and similarity give word and similarity", () => {
  const near = words("neighbors", "v.glove", "king", "--top", "2", "--json");
  expect({ code: near.code, err: near.err }).toEqual({ code: 0, err: "" });
  expect(objects(near.out)).toEqual([
    { word: "queen", similarity: expect.closeTo(0.8165, 4) as number },
    { word: "man", similarity: expect.closeTo(Math.SQRT1_2, 4) as number },
  ]);
  expect(objects(words("analogy", "v.glove", "man", "king", "woman", "--top", "1", "--json").out)[0].word).toBe(
    "queen",
  );
  expect(words("similarity", "v.glove", "king", "queen", "apple").out).toBe(" 0.8165  queen\n-0.5547  apple\n");
});

test("evaluate counts sections and correlates pairs", () => {
  writeFileSync(join(root, "q.txt"), ": royal\nman king woman queen\nman king woman pear\n");
  writeFileSync(join(root, "p.tsv"), "king\tqueen\t9\nking\tapple\t1\nking\tman\t5\n");
  const { code, out } = words("evaluate", "v.glove", "--analogies", "q.txt", "--similarity", "p.tsv", "--json");
  expect(code).toBe(0);
  const [analogies, similarity] = objects(out);
  expect(analogies).toMatchObject({
    file: "q.txt",
    convention: "gensim",
    correct: 1,
    questions: 1,
    unknown: 1,
    accuracy: 1,
  });
  expect(similarity).toMatchObject({ file: "p.tsv", spearman: expect.closeTo(1, 9) as number, pairs: 3, unknown: 0 });
  expect(words("evaluate", "v.glove", "--analogies", "q.txt").out).toMatch(
    /royal +100\.00 % +1 of 1, 1 with an unknown word/,
  );
});

test("convert writes what can be read again, and train learns", () => {
  expect(objects(words("convert", "v.glove", "v.kv", "--json").out)).toEqual([
    { output: "v.kv", words: 5, dimensions: 3, files: ["v.kv", "v.kv.vectors.npy"] },
  ]);
  expect(words("similarity", "v.kv", "king", "queen").out).toBe(" 0.8165  queen\n");
  writeFileSync(join(root, "c.txt"), "the cat sat on the mat\nthe dog sat on the rug\n".repeat(40));
  const trained = words(
    "train",
    "word2vec",
    "--input",
    "c.txt",
    "--output",
    "t.txt",
    "--dimensions",
    "4",
    "--epochs",
    "1",
    "--json",
  );
  expect(objects(trained.out)[0]).toMatchObject({ output: "t.txt", words: 7, dimensions: 4 });
  expect(readFileSync(join(root, "t.txt"), "utf8")).toMatch(/^7 4\nthe /);
});

test("wrong usage is 2, a failure 1, each with one line", () => {
  expect(words().code).toBe(2);
  expect(words("nieghbors")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/Did you mean neighbors\?/) as string,
  });
  expect(words("analogy", "v.glove", "a")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/three words are needed/) as string,
  });
  expect(words("neighbors", "v.glove", "zzz")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^semspace: "zzz" has no vector.*\n$/) as string,
  });
  expect(words("convert", "v.glove", "v.doc")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/does not say which format/) as string,
  });
  expect(words("neighbors", "--help").out).toMatch(/Usage {2}semspace words neighbors FILE WORD/);
});
