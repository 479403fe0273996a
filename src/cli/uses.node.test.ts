/** The commands classify, cluster and route, as processes of their own. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, root, semspace, write } from "../../test/semspace-process.ts";

const reviews = [
  ["A wonderful film, moving and funny.", "good"],
  ["I loved every minute of it.", "good"],
  ["Brilliant acting and a beautiful story.", "good"],
  ["One of the best movies of the year.", "good"],
  ["A masterpiece that made me smile.", "good"],
  ["A dull film, boring and far too long.", "bad"],
  ["I hated every minute of it.", "bad"],
  ["Terrible acting and a stupid story.", "bad"],
  ["One of the worst movies of the year.", "bad"],
  ["A disaster that made me yawn.", "bad"],
];

test("a classifier is trained from a table, predicts, and is measured", async () => {
  const table = write(
    "reviews.csv",
    `label,text\n${reviews.map(([text, label]) => `${label},"${text}"`).join("\n")}\n`,
  );
  const trained = await semspace(["classify", "train", table, "--output", "reviews.safetensors", "--json"]);
  expect(trained.err).toBe("");
  expect(jsonLines(trained.out)).toEqual([{ output: "reviews.safetensors", texts: 10, labels: 2, kind: "logistic" }]);
  const asked = ["classify", "predict", "reviews.safetensors", "-", "--top", "2", "--json"];
  const predicted = await semspace(asked, { input: "A beautiful, funny masterpiece.\nBoring and stupid.\n" });
  const labels = jsonLines(predicted.out).map((line) =>
    (line["labels"] as { label: string }[]).map(({ label }) => label),
  );
  expect(labels).toEqual([
    ["good", "bad"],
    ["bad", "good"],
  ]);
  const measured = await semspace(["classify", "evaluate", table, "--classifier", "reviews.safetensors", "--json"]);
  expect(jsonLines(measured.out)[0]["accuracy"]).toBe(1);
  const validated = await semspace(["classify", "evaluate", table]);
  expect(validated.out).toMatch(/^accuracy [\d.]+ % {2}macro F1 [\d.]+ % {2}of 10 texts\nlog loss/);
}, 60_000);

test("lists of labels make a classifier that gives several; missing columns are named", async () => {
  const lines = ["cats", "dogs", "cats dogs", "stones"].flatMap((what) =>
    ["I like", "We saw", "Many"].map((start) =>
      JSON.stringify({ body: `${start} ${what}.`, tags: ["cats", "dogs"].filter((tag) => what.includes(tag)) }),
    ),
  );
  const file = write("pets.jsonl", lines.join("\n"));
  const wrong = await semspace(["classify", "train", file, "-o", "pets.safetensors"]);
  expect([wrong.code, wrong.err]).toEqual([
    1,
    'semspace: Record 1 of pets.jsonl has no "text". It has: body, tags. Name the column: --text-column.\n',
  ]);
  const none = await semspace(["classify", "evaluate", write("none.csv", "text,label\n"), "--classifier", "pets"]);
  expect([none.code, none.err]).toEqual([
    1,
    "semspace: No records in none.csv. A text and its label are needed on each row.\n",
  ]);
  const columns = ["--text-column", "body", "--label-column", "tags", "--C", "100"];
  expect((await semspace(["classify", "train", file, "-o", "pets.safetensors", ...columns])).code).toBe(0);
  const { out } = await semspace(["classify", "predict", "pets.safetensors", "--json"], {
    input: "They feed dogs and cats.\n",
  });
  expect((jsonLines(out)[0]["labels"] as { label: string }[]).map(({ label }) => label).toSorted()).toEqual([
    "cats",
    "dogs",
  ]);
}, 60_000);

test("texts are grouped, named and drawn", async () => {
  const space = [
    "the rocket reached the moon",
    "a rocket to the moon",
    "the moon and a rocket",
    "an orbit around the moon",
  ];
  const food = ["bread and butter", "soup with bread", "butter on bread", "cook soup with butter"];
  const file = write("texts.txt", `${[...space, ...food].join("\n")}\n`);
  const grouped = await semspace(["cluster", file, "--clusters", "2", "--words", "2", "--svg", "texts.svg", "--json"]);
  const lines = jsonLines(grouped.out);
  expect(lines.slice(0, 2).map((line) => (line["words"] as string[])[0])).toEqual(["moon", "bread"]);
  expect(new Set(lines.slice(2, 6).map((line) => line["cluster"])).size).toBe(1);
  expect(readFileSync(join(root, "texts.svg"), "utf8")).toMatch(/^<svg[^]*8 texts in 2 groups[^]*1 moon/);
  const refused = await semspace(["cluster", file, "--method", "hdbscan", "--clusters", "2"]);
  expect(refused.err).toBe("semspace: clusters is for k-means and agglomerative, not for hdbscan. Leave it out.\n");
}, 60_000);

test("commands are routed from a file of intents, and from a saved router", async () => {
  const house = {
    "lights on": {
      examples: ["turn on the light", "switch on the lamp", "lights on please", "turn the lights on"],
      slots: { room: ["kitchen", "bedroom"], percent: "/(\\d+) ?%/" },
    },
    weather: ["will it rain today", "what is the weather like", "is it cold outside", "weather forecast for tomorrow"],
  };
  const file = write("house.json", JSON.stringify(house));
  const said = ["please turn on the lamp in the kitchen", "will it rain tomorrow", "My sister plays the violin."];
  const made = await semspace(["route", file, ...said, "--save", "house.safetensors", "--json"]);
  expect(existsSync(join(root, "house.safetensors"))).toBe(true);
  const routes = jsonLines(made.out);
  expect(routes.map((route) => route["intent"])).toEqual(["lights on", "weather", null]);
  expect(routes[0]["slots"]).toEqual({ room: "kitchen" });
  const again = await semspace(["route", "house.safetensors", ...said, "--json"]);
  expect(jsonLines(again.out).map((route) => route["intent"])).toEqual(["lights on", "weather", null]);
  const wrong = await semspace(["route", write("wrong.json", '{"a": 3}'), "x"]);
  expect(wrong.err).toContain('wrong.json holds no intents: "a" has no list of phrases.');
}, 60_000);

test("wrong usage is said with exit code 2", async () => {
  const results = await Promise.all([
    semspace(["classify", "train", "x.csv"]),
    semspace(["cluster", "x.txt", "--clusters", "some"]),
    semspace(["route", "house.json"]),
  ]);
  expect(results.map(({ code }) => code)).toEqual([2, 2, 2]);
}, 60_000);
