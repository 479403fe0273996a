import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lineBatches } from "./lines.ts";
import { textBatches } from "./texts-of-lines.ts";

function file(content: string | Uint8Array, name = "a.txt"): string {
  const folder = mkdtempSync(join(tmpdir(), "semspace-lines-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function all(batches: AsyncIterable<string[]>): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of batches) lines.push(...batch);
  return lines;
}

test("a line ends at a line feed only, and an empty line is a line", async () => {
  expect(await all(lineBatches([file("a\n\nb\u2028c\u0085d\re\r\n\r\nlast")]))).toEqual([
    "a",
    "",
    "b\u2028c\u0085d\re",
    "",
    "last",
  ]);
  expect(await all(lineBatches([file("")]))).toEqual([]);
  expect(await all(lineBatches([file("\n")]))).toEqual([""]);
});

test("a byte order mark is taken off the start only, and bytes that are not UTF-8 do not end the work", async () => {
  expect(await all(lineBatches([file("\uFEFFa\n\uFEFFb\n")]))).toEqual(["a", "\uFEFFb"]);
  expect(await all(lineBatches([file(new Uint8Array([0x61, 0xff, 0x0a]))]))).toEqual(["a\uFFFD"]);
});

test("lines and characters that lie across chunks are whole", async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => "é😀".repeat(i % 400));
  expect(await all(lineBatches([file(`${lines.join("\n")}\n`)]))).toEqual(lines);
});

test("a line above the limit and a file that is not there are errors", async () => {
  await expect(all(lineBatches([file(new Uint8Array(65 * 2 ** 20).fill(97))]))).rejects.toThrow(
    "is longer than 67108864 bytes",
  );
  await expect(all(lineBatches(["/none/x.txt"]))).rejects.toThrow("No such file: /none/x.txt.");
});

test("JSONL is known by the ending or by the option, and a line without a text is named", async () => {
  const jsonl = file('{"text":"one","id":1}\n\n{"text":"two\\nlines"}\n', "a.jsonl");
  expect(await all(textBatches([jsonl], { jsonl: false }))).toEqual(["one", "two\nlines"]);
  const plain = file('{"text":"one"}\n', "a.txt");
  expect(await all(textBatches([plain], { jsonl: false }))).toEqual(['{"text":"one"}']);
  expect(await all(textBatches([plain], { jsonl: true }))).toEqual(["one"]);
  for (const wrong of ['{"title":"x"}', "[1]", "{", '{"text":3}', "null"]) {
    const path = file(`{"text":"ok"}\n${wrong}\n`, "b.jsonl");
    await expect(all(textBatches([path], { jsonl: false }))).rejects.toThrow(
      `Line 2 of ${path} must be a JSON object with a string "text", got ${wrong}`,
    );
  }
});
