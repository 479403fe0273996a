import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { jsonLines, root, semspace, write } from "../../test/semspace-process.ts";

beforeAll(() => {
  write("data/alike/sts.tsv", "a cat\ta kitten\t5\na cat\ta stock\t0\na dog\ta kitten\t3\na dog\tthe market\t1\n");
  write("data/pairs.tsv", "a cat\ta kitten\t1\na cat\tshares\t0\na dog\ta puppy\t1\n");
  write("equal/sts.tsv", "a cat\ta kitten\t1\na cat\ta stock\t1\n");
  write("words.txt", "4 2\na 1 0\ncat 0.2 1\nkitten 0.3 1\nstock 1 0.1\n");
});

test("evaluate shows several models side by side and keeps MTEB's files", async () => {
  const { code, out, err } = await semspace([
    "evaluate",
    "default",
    "words.txt",
    "--data",
    "data",
    "--draws",
    "50",
    "--output",
    "kept",
  ]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const [head, first, second, mean] = out.trimEnd().split("\n");
  expect(head).toMatch(/^task +score +default +words\.txt$/);
  expect(first).toMatch(/^data +max_ap +100\.00 ± \d/);
  expect(second).toMatch(/^alike +cosine_spearman +100\.00 ± /);
  expect(mean).toMatch(/^mean +/);
  const file = JSON.parse(readFileSync(join(root, "kept/default/alike.json"), "utf8")) as Record<string, unknown>;
  expect(file).toMatchObject({
    task_name: "alike",
    scores: { test: [{ hf_subset: "default", cosine_spearman: expect.closeTo(1, 9) as number }] },
  });
  expect(existsSync(join(root, "kept/words.txt/data.json"))).toBe(true);
});

test("evaluate --json gives MTEB's layout with the model, a line a task", async () => {
  const { out } = await semspace(["evaluate", "--data", "data", "--type", "sts", "--draws", "20", "--json"]);
  const [line, ...more] = jsonLines(out);
  expect(more).toEqual([]);
  expect(line).toMatchObject({ model: "default", task_name: "alike", mteb_version: null });
});

test.each([
  [["evaluate"], 2, "--data DIR is needed"],
  [["evaluate", "--data", "nowhere"], 1, "No such folder: nowhere."],
  [["evaluate", "--data", "data", "--task", "other"], 2, 'There is no task "other". Tasks: data, alike.'],
  [["evaluate", "--data", "data", "--type", "bitext"], 1, "No task is of that type."],
  [["evaluate", "--data", "equal"], 1, "Similarity is measured on pairs of different scores, got 2 with the score 1."],
])("semspace %j says what is wrong", async (args, code, message) => {
  const result = await semspace(args);
  expect(result.code).toBe(code);
  expect(result.err).toContain(message);
});
