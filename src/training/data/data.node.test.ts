import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { datasetOf } from "./dataset.ts";
import { loadDataset, type LoadDatasetOptions } from "./load-dataset.ts";

const folder = mkdtempSync(join(tmpdir(), "semspace-data-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function all(
  path: string,
  options?: LoadDatasetOptions,
): Promise<{ columns: unknown; texts: string[][]; labels: unknown }> {
  const data = await loadDataset(path, options);
  const rows = Int32Array.from({ length: data.length }, (_, i) => i);
  const texts = await data.texts(rows);
  await data.dispose();
  return { columns: data.columns, texts, labels: data.labels && [...data.labels] };
}

const pairs = [
  { positive: "an answer", anchor: "a question", negative_2: "worse", negative: "bad", id: 7 },
  { positive: 'with "marks", and\na new line', anchor: "ünï\u2028code", negative_2: "w", negative: "b", id: 8 },
];

test("jsonl: known columns come in the order anchor, positive, negatives; others are left out", async () => {
  const text = pairs.map((pair) => JSON.stringify(pair)).join("\n");
  const wanted = {
    columns: ["anchor", "positive", "negative", "negative_2"],
    texts: [
      ["a question", "ünï\u2028code"],
      ["an answer", 'with "marks", and\na new line'],
      ["bad", "b"],
      ["worse", "w"],
    ],
    labels: undefined,
  };
  expect(await all(write("pairs.jsonl", `${text}\n\n`))).toEqual(wanted);
  expect(await all(write("pairs.jsonl.gz", gzipSync(text)))).toEqual(wanted);
  expect(await all(write("spilled.jsonl", text), { inMemory: 5 })).toEqual(wanted);
  expect((await all(join(folder, "pairs.jsonl"), { limit: 1 })).texts[0]).toEqual(["a question"]);
});

test("csv: quoted cells may hold commas, marks and lines; a score range is mapped to 0 … 1", async () => {
  const csv = 'sentence2,score,sentence1\r\n"b, ""quoted""\r\nline",5,a\r\nd,2.5,c\r\nf,0,e\r\n';
  expect(await all(write("sts.csv", csv), { scoreRange: [0, 5] })).toEqual({
    columns: ["sentence1", "sentence2"],
    texts: [
      ["a", "c", "e"],
      ['b, "quoted"\nline', "d", "f"],
    ],
    labels: [1, 0.5, 0],
  });
  expect((await all(write("semicolons.csv", "text;label\none;x\ntwo;y\n"))).texts).toEqual([["one", "two"]]);
});

test("tsv: quotation marks are signs like others, classes get their numbers by their names", async () => {
  const data = await loadDataset(
    write("labels.tsv", 'text\tlabel\nan "odd one\tzebra\nanother\tapple\n"whole"\tzebra\n'),
  );
  expect(await data.texts([0, 1, 2])).toEqual([['an "odd one', "another", "whole"]]);
  expect({ labels: data.labels, classes: data.classes }).toEqual({
    labels: Int32Array.from([1, 0, 1]),
    classes: ["apple", "zebra"],
  });
});

test.each(["none", "snappy", "gzip", "zstd", "brotli"])("Parquet with the codec %s", async (codec) => {
  const path = `test/golden/documents/${codec}.parquet`;
  const { readRecords } = await import("./records.ts");
  const rows = [];
  for await (const record of readRecords(path)) rows.push(record);
  expect(rows[0].row).toBe(1);
  const column = Object.entries(rows[0].values).find(([, value]) => typeof value === "string")![0];
  const data = await loadDataset(path, { columns: [column], label: null, limit: 1 });
  expect((await data.texts([0]))[0]).toEqual([rows[0].values[column]]);
});

test("whole numbers are classes, other numbers scores, and lists are several labels a row", async () => {
  const read = async (labels: readonly unknown[]): Promise<unknown> => {
    const lines = labels.map((label, i) => JSON.stringify({ text: `t${i}`, label })).join("\n");
    const data = await loadDataset(write("kinds.jsonl", lines));
    return [data.labels, data.labelsPerRow];
  };
  expect(await read([2, 0])).toEqual([Int32Array.from([2, 0]), 1]);
  expect(await read([0.5, 1])).toEqual([Float32Array.from([0.5, 1]), 1]);
  expect(await read([[0.5, 1], [2, 3]])).toEqual([Float32Array.from([0.5, 1, 2, 3]), 2]); // prettier-ignore
});

test.each<[string, string, RegExp, LoadDatasetOptions?]>([
  ["a.jsonl", '{"anchor":"a","positive":"b"}\n{"anchor":"a"}', /a\.jsonl, row 2: "positive" is missing\./],
  ["a.jsonl", '{"anchor":"a","positive":"b"}\n{"anchor":"a","positive":"  "}', /row 2: "positive" is empty\./],
  ["a.jsonl", '{"anchor":"a","positive":3}', /row 1: "positive" is no text but number\./],
  ["a.jsonl", '{"anchor":', /row 1 is no JSON/],
  ["a.jsonl", "[1]", /row 1 is no JSON object/],
  ["a.jsonl", "", /has no rows/],
  ["a.jsonl", '{"x":"a"}', /no columns to learn from\. It has the columns "x"\. Known names are anchor/],
  ["a.jsonl", '{"text":"a"}', /has no column "body"\. It has the columns "text"/, { columns: ["body"] }],
  ["a.jsonl", '{"text":"a","label":1}\n{"text":"b","label":1}', /"label" is 1 in all 2 rows.*two different labels/],
  ["a.jsonl", '{"text":"a","label":"x"}\n{"text":"b","label":"x"}', /"label" is "x" in all 2 rows/],
  ["a.jsonl", '{"text":"a","label":1}\n{"text":"b","label":"x"}', /row 2: "label" is no number, unlike/],
  ["a.jsonl", '{"text":"a","label":null}', /row 1: "label" is neither a number nor the name of a class/],
  [
    "a.jsonl",
    '{"text":"a","label":[1,2]}\n{"text":"b","label":[1]}',
    /row 2: "label" has 1 values, the rows before have 2/,
  ],
  ["a.csv", "sentence1,sentence2,score\na,b,3\nc,d,7\n", /row 2: "score" is 7, outside 0 to 5/, { scoreRange: [0, 5] }],
  ["a.csv", "text,label\nlonely\n", /row 1 has 1 cells, the first line names 2 columns/],
  ["a.txt", "text", /is no data set by its name\. Name it \.jsonl/],
  ["a.parquet", "PAR1 is not enough", /is no Parquet file that can be read/],
])("%s with %j says what is wrong", async (name, content, message, options) => {
  await expect(loadDataset(write(name, content), options)).rejects.toThrow(message);
});

test("a file that is not there is missing", async () => {
  await expect(loadDataset(join(folder, "nowhere.jsonl"))).rejects.toMatchObject({ code: "missing-file" });
  await expect(loadDataset(join(folder, "nowhere.parquet"))).rejects.toMatchObject({ code: "missing-file" });
});

test("data from memory is checked in the same way", () => {
  expect(datasetOf({ text: ["a", "b"] }, { labels: ["x", "y"] })).toMatchObject({ length: 2, classes: ["x", "y"] });
  expect(() => datasetOf({ anchor: ["a"], positive: [] })).toThrow('column "positive" has 0 rows, "anchor" has 1.');
  expect(() => datasetOf({ text: ["a", " "] })).toThrow('data, row 2: "text" is empty.');
  expect(() => datasetOf({ text: ["a", "b"] }, { labels: [1] })).toThrow("data has 2 rows and 1 labels.");
  expect(() => datasetOf({ text: [] })).toThrow("has no rows");
});
