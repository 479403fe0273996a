/** `semspace words classify …` and `words quantize`, as processes of their own. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { jsonLines, root, semspace, write } from "../../test/semspace-process.ts";
import { LabelCounts } from "./label-counts.ts";

const classify = (...args: string[]) => semspace(["words", "classify", ...args]);

beforeAll(async () => {
  write("labelled.txt", "__label__pet my cat purrs\n__label__car the motor hums\n".repeat(30));
  write("plain.txt", "my cat purrs\nthe motor hums\n".repeat(30));
  const settings = ["--dimensions", "8", "--epochs", "20", "--learning-rate", "1", "--word-ngrams", "2"];
  const trained = await classify("train", "--input", "labelled.txt", "--output", "m.bin", ...settings, "--json");
  expect(jsonLines(trained.out)).toEqual([{ output: "m.bin", words: 7, labels: 2, dimensions: 8 }]);
});

test("predict gives the labels of each line, test precision and recall, test-label those of each label", async () => {
  write("cat.txt", "a cat\nnothing known\n");
  const [cat, unknown] = jsonLines((await classify("predict", "m.bin", "cat.txt", "--json")).out);
  expect(cat).toEqual({ labels: [{ label: "__label__pet", probability: expect.any(Number) as number }] });
  expect(unknown["labels"]).toHaveLength(1);
  expect((await classify("test", "m.bin", "labelled.txt")).out).toBe("60 lines, precision@1 1.0000, recall@1 1.0000\n");
  write("wrong.txt", "__label__pet the motor hums\n__label__pet my cat purrs\nmy cat\n");
  const [total] = jsonLines((await classify("test", "m.bin", "wrong.txt", "--json")).out);
  expect(total).toEqual({ examples: 2, precision: 0.5, recall: 0.5, f1: 0.5 });
  expect(jsonLines((await classify("test-label", "m.bin", "wrong.txt", "--json")).out)).toEqual([
    {
      label: "__label__pet",
      examples: 2,
      predicted: 1,
      precision: 1,
      recall: 0.5,
      f1: expect.closeTo(2 / 3, 9) as number,
    },
    { label: "__label__car", examples: 0, predicted: 1, precision: 0, recall: 0, f1: 0 },
  ]);
});

test("quantize makes a smaller model that labels the same", async () => {
  const args = ["words", "quantize", "m.bin", "m.ftz", "--normalize", "--cutoff", "12", "--retrain", "labelled.txt"];
  const [result] = jsonLines((await semspace([...args, "--epochs", "20", "--json"])).out);
  expect(result).toMatchObject({
    output: "m.ftz",
    labels: 2,
    dimensions: 8,
    bytes: statSync(join(root, "m.ftz")).size,
  });
  expect(statSync(join(root, "m.ftz")).size).toBeLessThan(statSync(join(root, "m.bin")).size / 10);
  expect((await classify("test", "m.ftz", "labelled.txt")).out).toMatch(/precision@1 1\.0000/);
});

test("what does not go together is refused with what to do", async () => {
  const expected: [string[], RegExp][] = [
    [["words", "classify", "predict", "m.bin"], /^2 semspace: A model and a file are needed/],
    [
      ["words", "classify", "predict", "m.bin", "x", "--epochs", "3"],
      /^2 .*Unknown option --epochs.*classify predict --help\.\n$/,
    ],
    [["words", "classify", "train", "--input", "x", "--output", "x"], /^2 .*--input and --output are one file/],
    [["words", "classify", "train", "--input", "plain.txt", "--output", "p.bin"], /^1 semspace: .*label/],
    [["words", "quantize", "m.bin", "m.bin2"], /^2 .*OUTPUT must end in \.ftz/],
    [["words", "quantize", "m.bin", "n.ftz", "--epochs", "3"], /^2 .*--epochs is for --retrain/],
  ];
  const results = await Promise.all(expected.map(([args]) => semspace(args)));
  for (const [i, { code, err }] of results.entries()) expect(`${code} ${err}`).toMatch(expected[i][1]);
});

test("precision and recall of several labels a line count labels, not lines", () => {
  const counts = new LabelCounts();
  counts.add(new Set(["a", "b"]), ["a", "c"]);
  counts.add(new Set(["a"]), []);
  expect(counts.examples).toBe(2);
  expect(counts.total()).toEqual({ precision: 1 / 2, recall: 1 / 3, f1: 2 / 5 });
  expect(counts.labels().map(({ label }) => label)).toEqual(["a", "b", "c"]);
});
