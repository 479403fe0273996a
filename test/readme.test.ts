/** The README's TypeScript blocks run and print what their `// →` comments say; its first search prints what it shows. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { realModel } from "./real-models.ts";
import { runProgram } from "./run-program.ts";

const root = join(import.meta.dirname, "..");
const work = join(root, "test/work");
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]);

describe("the README", () => {
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  for (const [index, block] of blocks.entries()) {
    const names = [...block.matchAll(/"models\/([^"]+)"/g)].map((match) => match[1]);
    const missing = names.some((name) => realModel(name) === undefined);
    test.skipIf(missing)(`block ${index + 1} prints what it says`, async () => {
      mkdirSync(work, { recursive: true });
      const path = join(work, `block-${index + 1}.ts`);
      writeFileSync(
        path,
        block.replaceAll(/"models\/([^"]+)"/g, (_, name: string) => JSON.stringify(realModel(name))),
      );
      const expected = [...block.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1]);
      expect((await runProgram(path)).trim().split("\n")).toEqual(expected);
    });
  }

  test("its links lead to files", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1]);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  test("its first command prints the passage that it shows", async () => {
    const [, query, words, shown] = /semspace -- search "([^"]+)" (.*?)\n```\n\n```text\n(.*?)\n```/s.exec(readme)!;
    const printed = await runProgram("src/cli/main.ts", ["search", query, ...words.split(" "), "--no-cache"]);
    expect(printed.trim()).toBe(shown.trim());
  });
});
