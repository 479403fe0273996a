import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { countWords } from "../../documents/index.ts";
import { createIndex, type SearchIndex } from "../../search/search-index.ts";
import { createEmbedder, plainSettings } from "../../texts/index.ts";
import { findChanges } from "./changes.ts";
import { FileTable, readFileTable, type IndexSettings } from "./file-table.ts";
import { IndexUpdater } from "./index-updater.ts";

/** A text's vector is its first letter; `onText` hears of every text. */
const letters = (onText: (text: string) => void = () => undefined) =>
  createEmbedder(
    {
      name: "letters",
      dimensions: 4,
      maxLength: undefined,
      async embed(texts, output, job) {
        for (const [i, text] of texts.entries()) {
          onText(text);
          output.set([text.charCodeAt(0), 1, text.length, 2], i * 4);
        }
        await job.advance(texts.length);
      },
      dispose: () => Promise.resolve(),
    },
    plainSettings,
  );

function folderOf(files: Record<string, string>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "semspace-index-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "docs"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "docs", name), text);
  return folder;
}

const settingsOf = (folder: string): IndexSettings => ({
  folder: join(folder, "docs"),
  ...{ unit: "paragraph", maxTokens: 50, overlap: 0, include: [], exclude: [] },
});

async function open(
  folder: string,
  embedder = letters(),
): Promise<{ index: SearchIndex; table: FileTable; path: string }> {
  const path = join(folder, "index");
  const table = (await readFileTable(path)) ?? new FileTable(path, settingsOf(folder));
  return { index: await createIndex(embedder, { path }), table, path };
}

async function update(
  { index, table, path }: Awaited<ReturnType<typeof open>>,
  { signal = new AbortController().signal, finish = true }: { signal?: AbortSignal; finish?: boolean } = {},
): Promise<IndexUpdater> {
  const updater = new IndexUpdater(index, table, {
    ...{ warn: (message) => expect.fail(message), onProgress: () => undefined, signal },
    passages: { unit: "paragraph", maxTokens: 50, countTokens: countWords },
  });
  try {
    await updater.run(await findChanges(table, { index: path }));
  } finally {
    if (finish) await updater.finish();
  }
  return updater;
}

const ids = async (index: SearchIndex): Promise<string[]> => {
  const found: string[] = [];
  for await (const { id } of index.list()) found.push(id);
  return found.toSorted();
};
const paragraphs = (count: number, word: string): string =>
  Array.from({ length: count }, (_, i) => `${word} paragraph number ${i}.`).join("\n\n");

test("an update that is aborted keeps what was done, and the next one does the rest", async () => {
  const files = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`${i}.txt`, paragraphs(300, `file${i}`)]));
  const folder = folderOf(files);
  const controller = new AbortController();
  let texts = 0;
  const stopping = letters(() => {
    texts += 1;
    if (texts === 1500) controller.abort(new Error("stopped"));
  });
  const first = await open(folder, stopping);
  await expect(update(first, { signal: controller.signal })).rejects.toThrow("stopped");
  const done = await first.index.count();
  await first.index.close();
  expect([0 < done && done < 2700, done % 300]).toEqual([true, 0]);

  const second = await open(folder);
  const { counts } = await update(second);
  expect(counts.embedded).toBe(2700 - done);
  expect(await ids(second.index)).toHaveLength(2700);
  await second.index.close();
});

test("whatever is lost between the table and the index is made good", async () => {
  const folder = folderOf({ "a.txt": paragraphs(5, "a"), "b.txt": paragraphs(2, "b") });
  const first = await open(folder);
  await update(first);
  await first.index.close();

  // Killed after the index was flushed and before the table said so: five paragraphs became two, b went.
  writeFileSync(join(folder, "docs/a.txt"), paragraphs(2, "changed"));
  writeFileSync(join(folder, "docs/c.txt"), paragraphs(3, "c"));
  rmSync(join(folder, "docs/b.txt"));
  const killed = await open(folder);
  await update(killed, { finish: false });
  await killed.table.save();
  await killed.index.close();
  const table = (await readFileTable(join(folder, "index")))!;
  expect([table.known("a.txt"), table.passages("a.txt"), table.passages("c.txt")]).toEqual([undefined, 5, 3]);

  // And before the index was flushed: c is gone again before the next run.
  rmSync(join(folder, "docs/c.txt"));
  const last = await open(folder);
  await update(last);
  expect(await ids(last.index)).toEqual(["a.txt#0", "a.txt#1"]);
  expect([...last.table.files.keys()]).toEqual(["a.txt"]);
  await last.index.close();
});

test("a file that was written again as it was is not embedded again, and an empty one has no passages", async () => {
  const folder = folderOf({ "a.txt": "Same.", "empty.txt": "" });
  const first = await open(folder);
  await update(first);
  await first.index.close();
  writeFileSync(join(folder, "docs/a.txt"), "Same.");
  const second = await open(folder);
  const { counts } = await update(second);
  expect(counts).toMatchObject({ read: 0, same: 2, embedded: 0 });
  await second.index.close();
});

test("an index whose manifest is gone is filled again, unchanged files too", async () => {
  const folder = folderOf({ "a.txt": "alpha", "b.txt": "beta" });
  const before = await open(folder);
  await update(before);
  await before.index.close();
  rmSync(join(before.path, "manifest.json"));
  const after = await open(folder);
  const { counts } = await update(after);
  expect(counts).toMatchObject({ read: 2, same: 0, embedded: 2 });
  expect(await after.index.count()).toBe(2);
  await after.index.close();
});
