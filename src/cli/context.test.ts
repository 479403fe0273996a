/** `semspace context` from the sources, as a process of its own. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realModel } from "../../test/real-models.ts";
import { jsonLines, root, semspace, write } from "../../test/semspace-process.ts";

const file = write(
  "bank.txt",
  [
    "He sat by the bank of the river.",
    "She deposited money in the bank.",
    "No such word, banker.",
    "We fished from the bank of the stream.",
    "The bank lent him money for a house.",
  ].join("\n"),
);
const miniLm = realModel("all-MiniLM-L6-v2");

test("a static model, which is the default, shows one sense with all lines", async () => {
  const { code, out, err } = await semspace(["context", "bank", file]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^bank {2}4 uses in 4 of 5 lines, 1 sense .*static: one vector/);
  expect(out.match(/ 1\.000 {2}/g)).toHaveLength(4);
});

test.skipIf(!miniLm)(
  "static and in context side by side, the second with a sense for river and one for money",
  async () => {
    const models = ["-m", join(import.meta.dirname, "../../models/default"), "-m", miniLm!];
    const { code, out } = await semspace(["context", "bank", file, ...models, "--json"]);
    expect(code).toBe(0);
    const rows = jsonLines(out);
    expect(rows.map(({ sense }) => sense)).toEqual([1, 1, 1, 1, 1, 1, 2, 2]);
    const lines = rows.slice(4).map(({ line }) => line as number);
    expect([new Set(lines.slice(0, 2)), new Set(lines.slice(2))]).toEqual([new Set([1, 4]), new Set([2, 5])]);
    expect(rows[4]).toMatchObject({ model: miniLm, similarity: expect.any(Number) as number });
    expect((rows[4]["text"] as string).slice(rows[4]["start"] as number, rows[4]["end"] as number)).toBe("bank");
  },
);

test.skipIf(!miniLm)("attention shows the words that the word looks at, and --svg draws the uses", async () => {
  const args = ["context", "bank", file, "-m", miniLm!, "--attention", "5", "--svg", "uses.svg", "--top", "1"];
  const { code, out, err } = await semspace(args);
  expect({ code, err }).toEqual({ code: 0, err: "Wrote uses.svg.\n" });
  expect(out).toMatch(/looks at (?:river|sat|stream|fished) 0\.\d\d/);
  expect(out).toMatch(/… 1 more/);
  expect(readFileSync(join(root, "uses.svg"), "utf8")).toMatch(/^<svg .*>Uses of bank</s);
});

test("wrong usage is 2, and says what is needed; no picture is left behind", async () => {
  const cases: [string[], RegExp][] = [
    [["bank"], /^semspace: A word and a file are needed/],
    [["bank", file, "--senses", "2", "--threshold", "0.5"], /exclude each other/],
    [["bank", file, "-m", "a", "-m", "b", "--svg", "none.svg"], /--svg draws one model, got 2/],
  ];
  for (const [args, line] of cases) {
    const { code, err } = await semspace(["context", ...args]);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(line) as string });
  }
  expect(await semspace(["context", "bank", file, "--layer", "2"])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/static model: a token has one vector, there is no layer 2/) as string,
  });
  expect(await semspace(["context", "fish", file, "--svg", "none.svg"])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/No line of bank\.txt says "fish"/) as string,
  });
  expect(await semspace(["context", "bank", file, "--svg", "nowhere/none.svg"])).toMatchObject({ code: 1, out: "" });
  expect(existsSync(join(root, "none.svg"))).toBe(false);
});
