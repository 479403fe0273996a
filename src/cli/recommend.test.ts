import { expect, test } from "vitest";
import { jsonLines, semspace, write } from "../../test/semspace-process.ts";

const sessions = Array.from({ length: 40 }, (_, i) => (i % 2 ? "tea milk sugar cup" : "nail hammer saw wood"));
write("sessions.txt", `${sessions.join("\n")}\n`);
write(
  "sessions.jsonl",
  sessions.map((one, i) => JSON.stringify({ user: `u${i}`, items: one.split(" ").slice(0, 2 + (i % 3)) })).join("\n"),
);
write(
  "items.jsonl",
  ["tea", "milk", "sugar", "cup"]
    .map((id) => JSON.stringify({ id, text: `${id} for breakfast`, kind: "food" }))
    .join("\n"),
);

test("recommend finds what goes with a history, keeps the recommender, and opens it again", async () => {
  const made = await semspace([
    "recommend",
    "tea",
    "milk",
    "--sessions",
    "sessions.txt",
    "--items",
    "items.jsonl",
    "--top",
    "2",
    "-o",
    "kept.rec",
    "--json",
  ]);
  expect({ code: made.code, err: made.err }).toEqual({ code: 0, err: "" });
  expect(
    jsonLines(made.out)
      .map(({ item }) => String(item))
      .toSorted((a, b) => a.localeCompare(b)),
  ).toEqual(["cup", "sugar"]);
  expect(jsonLines(made.out)[0]).toMatchObject({ metadata: { kind: "food" } });
  const again = await semspace(["recommend", "tea", "milk", "-r", "kept.rec", "--top", "2", "--json"]);
  expect(again.out).toBe(made.out);
  const filtered = await semspace([
    "recommend",
    "saw",
    "--similar",
    "-r",
    "kept.rec",
    "--filter",
    '{"kind": "food"}',
    "--top",
    "9",
  ]);
  expect(filtered.out.trimEnd().split("\n")).toHaveLength(4);
});

test("recommend --user looks the history up", async () => {
  const { out } = await semspace(["recommend", "--user", "u3", "--sessions", "sessions.jsonl", "--top", "1", "--json"]);
  expect(["sugar", "cup"]).toContain(jsonLines(out)[0]["item"]);
});

test.each([
  [["recommend", "tea"], 2, "Give --sessions FILE, --items FILE or both, or --recommender FILE."],
  [["recommend", "tea", "milk", "--similar", "-s", "sessions.txt"], 2, "--similar is about one item"],
  [["recommend", "tea", "-s", "sessions.txt", "--filter", "year"], 2, "--filter must be a JSON object"],
  [["recommend", "rum", "--similar", "-s", "sessions.txt"], 1, 'Item "rum" is not among the 8 items.'],
  [["recommend", "tea", "-r", "sessions.txt"], 1, "sessions.txt"],
])("semspace %j says what is wrong", async (args, code, message) => {
  const result = await semspace(args);
  expect(result.err).toContain(message);
  expect(result.code).toBe(code);
});
