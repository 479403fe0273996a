/** Holds the direction of imports: a room imports only rooms before it (docs/design.md). */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const rooms = [
  ...["errors.ts", "platform", "kernels", "matrix", "formats", "hub", "tokenizers", "words", "transformers", "texts"],
  ...["documents", "projection", "search", "evaluation", "training", "tasks", "server", "cli"],
];
/**
 * Lines of src without tests: the rooms from text to search as they were planned, words/, every architecture, head and file of
 * transformers, then training/ and the uses (index, documents, tasks, evaluation).
 */
const budget = 19_300 + 9_500 + 12_000 + 12_500 + 16_500 + 2_500;
const source = join(import.meta.dirname, "..", "src");

/** Sources of the package, without tests and entry points at the root. */
function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts")) yield path;
  }
}

function imports(path: string): string[] {
  const code = readFileSync(path, "utf8");
  return [...code.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((match) => match[1]);
}

test("every room imports only rooms before it", () => {
  const wrong: string[] = [];
  for (const path of files(source)) {
    const here = relative(source, path).split("/")[0];
    const position = rooms.indexOf(here);
    if (position === -1) continue;
    for (const name of imports(path)) {
      const target =
        name === "#platform"
          ? "platform"
          : name.startsWith(".")
            ? relative(source, join(path, "..", name)).split("/")[0]
            : undefined;
      if (target === undefined) continue;
      const there = rooms.indexOf(target);
      if (there === -1 || there > position) wrong.push(`${relative(source, path)} imports ${name}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("every folder of src is a room, and only #platform asks where it runs", () => {
  const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map((entry) => entry.name).filter((name) => !rooms.includes(name))).toEqual([]);
  // cli and server are Node programs; every other room also runs in a browser.
  const nodeOnly = [...files(source)].filter((path) => {
    const room = relative(source, path).split("/")[0];
    return !["platform", "cli", "server"].includes(room) && imports(path).some((name) => name.startsWith("node:"));
  });
  expect(nodeOnly.map((path) => relative(source, path))).toEqual([]);
});

test("src keeps to its budget of lines; raising it is a decision written in the commit", () => {
  const lines = [...files(source)].reduce((sum, path) => sum + readFileSync(path, "utf8").split("\n").length - 1, 0);
  expect(lines).toBeLessThanOrEqual(budget);
});
