/** The commands that need a model with a head, on the tiny models of test/golden/tasks. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, semspace, write } from "../../test/semspace-process.ts";

const model = (name: string) => ["-m", join(import.meta.dirname, "../../test/golden/tasks", name)];

test("fill-mask shows the words for every mask, as a line each or as JSON", async () => {
  const shown = await semspace([
    "fill-mask",
    "the [MASK] of the river",
    "--top",
    "2",
    ...model("masked-language-model"),
  ]);
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(shown.out).toMatch(/^0\.\d{4} {2}\S+ {2}the.* of the river\n0\.\d{4} .*\n$/);
  const json = await semspace([
    "fill-mask",
    "[MASK] is [MASK].",
    "--json",
    "-k",
    "1",
    ...model("masked-language-model"),
  ]);
  expect(jsonLines(json.out)).toMatchObject([
    { mask: 0, id: expect.any(Number) as number, score: expect.any(Number) as number },
    { mask: 1 },
  ]);
  expect(await semspace(["fill-mask", "no gap", ...model("masked-language-model")])).toMatchObject({
    code: 1,
    err: "semspace: No [MASK] in the text. Write [MASK] for the word to be found.\n",
  });
});

test("generate writes the prompt on, and the same with JSON", async () => {
  const args = ["generate", "Once upon a time there", "-n", "12", ...model("language-model")];
  const json = await semspace([...args, "--json"]);
  const [{ text, ...rest }] = jsonLines(json.out) as [{ text: string }];
  expect(rest).toEqual({ prompt: "Once upon a time there", tokens: 12, finish: "length" });
  expect(await semspace(args)).toMatchObject({ code: 0, out: `Once upon a time there${text}\n` });
  const drawn = await semspace([...args, "--json", "--temperature", "1.2", "--top-k", "40", "--seed", "3"]);
  expect((jsonLines(drawn.out)[0] as { text: string }).text).not.toBe(text);
});

test("entities are shown with their places, a text a line from a file with JSON", async () => {
  const shown = await semspace(["entities", "Anna Smith lives in Paris.", ...model("token-classifier")]);
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(shown.out).toMatch(/^(\w+ +0\.\d{4} {2}\d+-\d+ {2}.+\n)+$/);
  const file = write("letters.txt", "Anna Smith lives in Paris.\n\nthe river\n");
  const json = await semspace(["entities", "--file", file, "--json", ...model("token-classifier")]);
  const rows = jsonLines(json.out) as { index: number; entities: { text: string; start: number; end: number }[] }[];
  expect(rows.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(rows[1].entities).toEqual([]);
  for (const { text, start, end } of rows[0].entities)
    expect("Anna Smith lives in Paris.".slice(start, end)).toBe(text);
});

test("rerank gives the texts in their new order, each with its old place", async () => {
  const documents = ["Money is in the bank.", "The bank of the river is in London.", "Anna reads."];
  const args = ["rerank", "Where is the river bank?", ...documents, ...model("cross-encoder")];
  const rows = jsonLines((await semspace([...args, "--json"])).out) as { index: number; score: number; text: string }[];
  expect(rows.map(({ score }) => score)).toEqual(rows.map(({ score }) => score).toSorted((a, b) => b - a));
  for (const { index, text } of rows) expect(text).toBe(documents[index]);
  const best = await semspace([...args, "--top", "1"]);
  expect(best.out).toMatch(/^ *0\.\d{4} {2}.*\n$/);
  expect(best.out).toContain(rows[0].text);
});

test("without a model, and without texts, the commands say what they need", async () => {
  const expected: [args: string[], line: string][] = [
    [["fill-mask", "a [MASK]"], "--model is needed: a masked language model such as BERT."],
    [["generate", "a", "b"], "One prompt is needed, in quotation marks: semspace generate PROMPT."],
    [["entities"], "One text is needed, in quotation marks, or --file FILE"],
    [["rerank", "query"], "A query and texts are needed"],
    [
      ["entities", "a", "--aggregation", "last"],
      '--aggregation must be one of none, simple, first, average, max, got "last".',
    ],
  ];
  const results = await Promise.all(expected.map(([args]) => semspace(args)));
  for (const [i, { code, err }] of results.entries()) {
    expect(code).toBe(2);
    expect(err).toContain(expected[i][1]);
  }
});
