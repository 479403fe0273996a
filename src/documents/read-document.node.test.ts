import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readDocument } from "./read-document.ts";

test("a file is read from disk under the name it was given, and one that is not there is named", async () => {
  const folder = mkdtempSync(join(tmpdir(), "semspace-documents-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "note.md");
  writeFileSync(path, "# Hello\n");
  expect(await readDocument(path)).toMatchObject({ file: path, kind: "markdown", text: "# Hello\n" });
  await expect(readDocument(path, { maxBytes: 3 })).rejects.toThrow("has 8 bytes, more than the 3 that are read");
  await expect(readDocument(join(folder, "none.txt"))).rejects.toThrow("No such file");
});
