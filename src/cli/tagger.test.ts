import { expect, test } from "vitest";
import { jsonLines, semspace, write } from "../../test/semspace-process.ts";

const colours = ["red", "green", "blue"];
const tools = ["hammer", "saw", "drill"];
const sentences = colours.flatMap((colour) =>
  tools.map((tool) => `bring O\nthe O\n${colour} B-colour\n${tool} B-tool\nplease O\n`),
);
write("train.conll", sentences.join("\n"));
write("train.jsonl", '{"text": "a red saw", "entities": [{"label": "tool", "start": 6, "end": 9}]}\n');
write("broken.conll", "bring O\nthe\n");
write("broken.jsonl", '{"text": "a saw"}\n');

test("tagger train, predict and test go together, with the shipped model", async () => {
  const made = await semspace(["tagger", "train", "-i", "train.conll", "-o", "my.tagger", "--c", "100", "--json"]);
  expect({ code: made.code, err: made.err }).toEqual({ code: 0, err: "" });
  expect(jsonLines(made.out)).toEqual([{ output: "my.tagger", examples: 9, labels: ["colour", "tool"] }]);
  const { out } = await semspace(["tagger", "predict", "my.tagger", "give me the blue hammer please", "--json"]);
  const [{ entities }] = jsonLines(out) as { entities: { label: string; text: string }[] }[];
  expect(entities.map(({ label, text }) => `${label} ${text}`)).toEqual(["colour blue", "tool hammer"]);
  const tested = await semspace(["tagger", "test", "my.tagger", "train.conll"]);
  expect(tested.out).toMatch(/all +precision 100\.00 +recall 100\.00 +F1 100\.00 +of 18/);
  const byText = await semspace(["tagger", "train", "-i", "train.jsonl", "-o", "text.tagger"]);
  expect(byText.err).toContain("text.tagger: tool, learned from 1 examples");
});

test.each([
  [["tagger", "train", "-i", "train.conll"], 2, "--input FILE and --output FILE are needed"],
  [
    ["tagger", "train", "-i", "broken.conll", "-o", "x"],
    1,
    'Line 2 must hold a token and its label between spaces or a tab, got "the".',
  ],
  [["tagger", "train", "-i", "broken.jsonl", "-o", "x"], 1, "Line 1 of broken.jsonl must be"],
  [["tagger", "predict", "train.conll", "a text"], 1, "train.conll"],
  [["tagger", "test", "my.tagger"], 2, "A tagger and a file are needed"],
])("semspace %j says what is wrong", async (args, code, message) => {
  const result = await semspace(args);
  expect(result.err).toContain(message);
  expect(result.code).toBe(code);
});
