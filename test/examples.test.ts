/** The examples run, and print what the comment at their end says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { realModel } from "./real-models.ts";
import { runProgram } from "./run-program.ts";

const folder = join(import.meta.dirname, "../examples");
const examples = readdirSync(folder).filter((name) => /^\d\d-.*\.ts$/.test(name));

describe("every numbered example prints what it says", () => {
  for (const name of examples) {
    const source = readFileSync(join(folder, name), "utf8");
    const models = [...source.matchAll(/fetchedModel\("([^"]+)"\)/g)].map((match) => match[1]);
    test.skipIf(models.some((model) => realModel(model) === undefined))(name, async () => {
      const expected = /\/\* Prints:\n(.*)\*\/\s*$/s.exec(source)?.[1];
      expect(expected, `${name} must end with a comment /* Prints: … */`).toBeDefined();
      expect(withoutMargin(await runProgram(join(folder, name)))).toBe(withoutMargin(expected!));
    });
  }
});

function withoutMargin(text: string): string {
  return text.trim().replace(/[ \t]+$/gm, "");
}
