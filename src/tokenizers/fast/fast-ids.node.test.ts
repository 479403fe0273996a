import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nastyTexts } from "../../../test/nasty-texts.ts";
import { realModel } from "../../../test/real-models.ts";
import { TextPipeline } from "../text-pipeline.ts";
import { readTokenizerJson } from "../tokenizer-json.ts";
import { FastIds } from "./fast-ids.ts";

const models = [
  "all-MiniLM-L6-v2",
  "all-mpnet-base-v2",
  "bge-small-zh-v15-onnx",
  "multilingual-e5-small-q4",
  "static-10k-64d",
  "tokenizer-clip-bpe",
];

describe("the fast ids of real tokenizers are the exact pipeline's", () => {
  for (const name of models) {
    const folder = realModel(name);
    test.skipIf(!folder)(`${name}, on 2,000 nasty texts`, () => {
      const exact = new TextPipeline(
        readTokenizerJson(JSON.parse(readFileSync(join(folder!, "tokenizer.json"), "utf8"))),
      );
      const fast = new FastIds(exact);
      expect(fast.recognized).toBe(true);
      const texts = nastyTexts(2000, { seed: 23 });
      const { ids, starts } = fast.encode(texts);
      texts.forEach((text, i) =>
        expect({ text, ids: [...ids.subarray(starts[i], starts[i + 1])] }).toEqual({ text, ids: exact.ids(text) }),
      );
    });
  }
});
