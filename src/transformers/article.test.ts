import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadTokenizer } from "../tokenizers/index.ts";
import { loadTransformer } from "./load.ts";

interface Case {
  tokenizer: string;
  model: string;
  results: { text: string; ids: number[]; shape: number[]; output: number[] }[];
}

const root = join(import.meta.dirname, "../..");
const cases = JSON.parse(readFileSync(join(root, "test/golden/article.json"), "utf8")) as Case[];
const before = process.env["HF_HUB_CACHE"];

beforeAll(() => {
  process.env["HF_HUB_CACHE"] = join(root, "examples/hub");
});
afterAll(() => {
  if (before === undefined) delete process.env["HF_HUB_CACHE"];
  else process.env["HF_HUB_CACHE"] = before;
});

describe("the article's lines give what Python gives, with models of its shape as they were published (pytorch_model.bin, spm.model)", () => {
  test.each(cases)("tokenizer $tokenizer, model $model", async ({ tokenizer: tokens, model: weights, results }) => {
    const warnings: string[] = [];
    const tokenizer = await loadTokenizer(tokens);
    const model = await loadTransformer(weights, { threads: 1, onWarning: (message) => warnings.push(message) });
    for (const { text, ids, shape, output } of results) {
      const encoding = tokenizer.encode(text);
      expect(encoding.ids).toEqual(ids);
      const { rows, columns, dimensions, data } = await model.run(encoding);
      expect([rows, columns, dimensions]).toEqual(shape);
      const scale = Math.max(...output.map(Math.abs));
      expect(Math.max(...output.map((value, i) => Math.abs(value - data[i]))) / scale).toBeLessThan(2e-5);
    }
    await model.dispose();
    if (tokens === weights) expect(warnings).toEqual([]);
    else expect(warnings).toEqual([expect.stringContaining("it is a deberta model's, the model is deberta-v2")]);
  });
});
