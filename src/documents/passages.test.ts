import { expect, test } from "vitest";
import { lineAt } from "./document.ts";
import { countWords } from "./count-tokens.ts";
import { passages, passageUnits, type Passage, type PassageOptions } from "./passages.ts";
import { parseDocument } from "./read-document.ts";

const cut = (text: string, file: string, options: PassageOptions = {}) =>
  passages(parseDocument(text, { file }), options);
const brief = (found: readonly Passage[]) => found.map(({ line, endLine, text }) => [line, endLine, text]);

test("a passage is a slice of the document's text, and its lines are those of the slice", () => {
  const text = Array.from({ length: 300 }, (_, i) =>
    i % 7 === 0 ? "" : `Sentence ${i} is here. And another one follows it.`,
  ).join("\n");
  const document = parseDocument(text, { file: "long.txt" });
  const found = passages(document, { maxCharacters: 300, overlap: 60 });
  expect(found.length).toBeGreaterThan(30);
  for (const passage of found) {
    expect(document.text.slice(passage.start, passage.end)).toBe(passage.text);
    expect(passage.line).toBe(text.slice(0, passage.start).split("\n").length);
    expect(passage.endLine).toBe(text.slice(0, passage.end).split("\n").length);
    expect(passage.text.length).toBeLessThanOrEqual(300);
  }
});

test("no passage is longer than its limit, however short the lines, in characters and in tokens", () => {
  let state = 7;
  const random = (below: number) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
  const breaks = ["\n", "\n\n", "\n    ", "\r\n", " ", "\n\n\n  ", "\n- ", "\n| ", "\n# ", ". "];
  const characters = (text: string) => text.length + (text.match(/\n/g) ?? []).length; // more in the whole than in the parts
  for (let round = 0; round < 60; round += 1) {
    const used = breaks.filter(() => random(3) > 0);
    const text = Array.from({ length: 400 }, () => "x".repeat(random(12)) + (used[random(used.length)] ?? "\n")).join(
      "",
    );
    for (const file of ["a.ts", "a.md", "a.txt", "a.html", "a.csv"]) {
      const max = 20 + random(200);
      const overlap = random(2) * random(max >> 1);
      const lengths = cut(text, file, { maxCharacters: max, overlap }).map((passage) => passage.text.length);
      expect(Math.max(...lengths), `${file}, round ${round}`).toBeLessThanOrEqual(max);
      const inTokens = cut(text, file, { maxTokens: max, countTokens: characters, overlap });
      expect(Math.max(...inTokens.map((passage) => characters(passage.text))), file).toBeLessThanOrEqual(max);
      const letters = (parts: readonly Passage[]) => parts.map((part) => part.text.replaceAll(/[^x]/g, "")).join("");
      const whole = parseDocument(text, { file }).text.replaceAll(/[^x]/g, "");
      if (overlap === 0)
        expect([letters(cut(text, file, { maxCharacters: max })), letters(inTokens)]).toEqual([whole, whole]);
    }
  }
});

test("no word of a document is lost between its passages", () => {
  const text = Array.from(
    { length: 500 },
    (_, i) => `word${i}${i % 11 === 0 ? ".\n" : i % 37 === 0 ? "\n\n" : ""}`,
  ).join(" ");
  for (const maxCharacters of [10, 50, 333, 5000]) {
    const words = cut(text, "a.txt", { maxCharacters }).flatMap((passage) => passage.text.match(/word\d+/g) ?? []);
    expect(words).toEqual(text.match(/word\d+/g));
  }
});

test("small paragraphs share a passage until it is half full", () => {
  const found = cut("One.\n\nTwo.\n\nThree is longer.\n\nFour.", "a.txt", { maxCharacters: 30 });
  expect(brief(found)).toEqual([
    [1, 5, "One.\n\nTwo.\n\nThree is longer."],
    [7, 7, "Four."],
  ]);
});

test("a long paragraph is cut between sentences, whatever line breaks it has", () => {
  const found = cut("The first sentence is\nbroken over lines. The second\none too. And a third.", "a.txt", {
    maxCharacters: 45,
  });
  expect(found.map(({ text }) => text)).toEqual([
    "The first sentence is\nbroken over lines.",
    "The second\none too. And a third.",
  ]);
});

test("a long list is cut between its items", () => {
  const found = cut("Intro here:\n- First item. It has **bold.** Text.\n- Second item\n  goes on.\n", "a.md", {
    maxCharacters: 40,
  });
  expect(found.map(({ text }) => text)).toEqual([
    "Intro here:",
    "- First item. It has **bold.** Text.",
    "- Second item\n  goes on.",
  ]);
});

test("sentences are found in Chinese too", () => {
  const found = cut("今天天气很好。我们去公园吧。明天会下雨。", "a.txt", { maxCharacters: 14 });
  expect(found.map(({ text }) => text)).toEqual(["今天天气很好。我们去公园吧。", "明天会下雨。"]);
});

test("a passage of Markdown opens with its heading and knows the headings above", () => {
  const found = cut(
    "# Guide\n\nWelcome.\n\n## Install\n\nRun npm.\n\n### On Linux\n\nUse apt.\n\n## Use\n\nType it.\n",
    "guide.md",
  );
  expect(found.map(({ text, heading, line }) => [line, heading, text])).toEqual([
    [1, undefined, "# Guide\n\nWelcome."],
    [5, "Guide", "## Install\n\nRun npm."],
    [9, "Guide › Install", "### On Linux\n\nUse apt."],
    [13, "Guide", "## Use\n\nType it."],
  ]);
});

test("the second passage of a long section carries the section's heading", () => {
  const found = cut(`# Bread\n\n${"Flour and water. ".repeat(20)}`, "a.md", { maxCharacters: 200 });
  expect(found[1]).toMatchObject({ heading: "Bread" });
  expect(found[0]).not.toHaveProperty("heading");
});

test("a heading without text of its own stays with the one below it", () => {
  expect(brief(cut("# A\n\n## B\n\nText.", "a.md"))).toEqual([[1, 5, "# A\n\n## B\n\nText."]]);
});

test("the title of an HTML page stands above its headings", () => {
  const found = cut("<title>Site</title><h1>Bread</h1><p>Flour.</p><h2>Sour</h2><p>Wait.</p>", "a.html");
  expect(found.map(({ text, heading }) => [heading, text])).toEqual([
    [undefined, "Site\n\nBread\n\nFlour."],
    ["Site › Bread", "Sour\n\nWait."],
  ]);
});

test("code is cut between lines", () => {
  const found = cut("function a() {\n  return 1;\n}\nfunction b() {\n  return 2;\n}\n", "a.ts", { maxCharacters: 30 });
  expect(brief(found)).toEqual([
    [1, 3, "function a() {\n  return 1;\n}"],
    [4, 6, "function b() {\n  return 2;\n}"],
  ]);
});

test("an overlap repeats whole sentences of the passage before", () => {
  const found = cut("One one. Two two. Three three. Four four.", "a.txt", { maxCharacters: 22, overlap: 10 });
  expect(found.map(({ text }) => text)).toEqual(["One one. Two two.", "Two two. Three three.", "Four four."]);
});

test("passages can be measured in tokens", () => {
  const countTokens = (text: string) => text.split(/\s+/).length;
  const found = cut("A b c d. E f g h. I j k l.", "a.txt", { maxTokens: 8, countTokens });
  expect(found.map(({ text }) => text)).toEqual(["A b c d. E f g h.", "I j k l."]);
});

test("a line of 20 MB is cut within a few seconds, between words and never inside a surrogate pair", () => {
  const start = performance.now();
  const words = cut("lorem ipsum dolor ".repeat(1_200_000), "line.txt");
  const solid = cut("😀".repeat(500_000), "solid.txt", { maxCharacters: 801 });
  expect(performance.now() - start).toBeLessThan(20_000);
  expect(
    words.every(({ text }) => text.length <= 800 && /^[a-z]/.test(text) && / (lorem|ipsum|dolor)$/.test(text)),
  ).toBe(true);
  expect(solid.every(({ text }) => text.length <= 801 && !/\p{Surrogate}/u.test(text))).toBe(true);
});

test("an empty document has no passages", () => {
  for (const file of ["a.txt", "a.md", "a.html", "a.csv", "a.jsonl", "a.ts"]) {
    expect(cut("", file)).toEqual([]);
    expect(cut(" \n\t\n", file)).toEqual([]);
  }
});

test("limits that cannot hold are refused", () => {
  expect(() => cut("a", "a.txt", { maxCharacters: 0 })).toThrow(
    "maxCharacters must be a whole number of at least 1, got 0.",
  );
  expect(() => cut("a", "a.txt", { maxCharacters: 10, overlap: 5 })).toThrow(
    "overlap must be less than half of the longest passage (10), got 5.",
  );
  expect(() => cut("a", "a.txt", { maxTokens: 10 })).toThrow("maxTokens needs countTokens");
});

test("the line of an offset is found by halving", () => {
  const lines = { offsets: [0, 5, 9], numbers: [1, 4, 7] };
  expect([0, 4, 5, 8, 9, 100].map((offset) => lineAt(lines, offset))).toEqual([1, 1, 4, 4, 7, 7]);
});

const mixed =
  "# Guide\n\nOne is here. Two too.\n\n- An item. With two.\n- Another\n\n```js\nrun();\n\nstop();\n```\n\n## Use\n\nIt is easy.\n";

test("a unit decides what a passage is", () => {
  const texts = (unit: PassageOptions["unit"]) => cut(mixed, "a.md", unit ? { unit } : {}).map(({ text }) => text);
  expect(texts("heading")).toEqual([mixed.slice(0, mixed.indexOf("\n\n## Use")), "## Use\n\nIt is easy."]);
  expect(texts("paragraph")).toEqual([
    "# Guide\n\nOne is here. Two too.",
    "- An item. With two.\n- Another",
    "```js\nrun();\n\nstop();\n```",
    "## Use\n\nIt is easy.",
  ]);
  expect(texts("sentence")).toEqual([
    ...["# Guide", "One is here.", "Two too.", "- An item.", "With two.", "- Another", "```js\nrun();\n\nstop();\n```"],
    ...["## Use", "It is easy."],
  ]);
  expect(texts("code")).toEqual(["```js\nrun();\n\nstop();\n```"]);
});

test("every unit keeps its limit, its positions and its headings", () => {
  for (const unit of passageUnits) {
    const document = parseDocument(mixed, { file: "a.md" });
    const found = passages(document, { unit, maxTokens: 3, countTokens: countWords });
    expect(found.length).toBeGreaterThan(0);
    for (const { text, start, end } of found) {
      expect(document.text.slice(start, end)).toBe(text);
      expect(countWords(text)).toBeLessThanOrEqual(3);
    }
    expect(found.find(({ text }) => text.includes("stop"))?.heading).toBe("Guide");
  }
});

test("what a tokenizer takes for one unknown word is cut all the same, in every kind of file", () => {
  const solid = "x".repeat(300_000);
  for (const file of ["a.txt", "a.md", "a.html", "a.csv", "a.jsonl", "a.ts"]) {
    const found = cut(solid, file, { maxTokens: 100, countTokens: countWords });
    expect(found.map(({ text }) => text).join("").length, file).toBe(solid.length);
    expect(Math.max(...found.map(({ text }) => text.length))).toBeLessThanOrEqual(4000);
  }
});

test("words are counted in every script", () => {
  expect(countWords("It's state-of-the-art, v1.2!  über 50 %")).toBe(5);
  expect(countWords("今天天气 very good")).toBe(6);
  expect(countWords(" \n… ")).toBe(0);
});

test("an unknown unit is refused", () => {
  expect(() => cut("a", "a.txt", { unit: "page" as "code" })).toThrow('Unknown unit "page". Use one of: passage,');
});
