import { join } from "node:path";
import { expect, test } from "vitest";
import golden from "../../../test/golden/fasttext/languages.json" with { type: "json" };
import { realModel } from "../../../test/real-models.ts";
import { loadFastText } from "./read-model.ts";

const folder = realModel("lid.176");

test.skipIf(!folder)("lid.176.ftz says of 210 sentences of 30 languages what it says in the original", async () => {
  const model = await loadFastText(join(folder!, "lid.176.ftz"));
  expect(model.labels).toHaveLength(176);
  for (const [text, labels, probabilities] of golden as [string, string[], number[]][]) {
    const got = model.predict(text, { top: 3 });
    // Far down, where probabilities are those of rounding, the order is arbitrary.
    const clear = labels.filter((_, i) => probabilities[i] > 1e-4);
    expect([text, ...got.slice(0, clear.length).map(({ label }) => label)]).toEqual([text, ...clear]);
    for (const [i, { probability }] of got.entries()) {
      expect(Math.abs(probability - Math.min(1, probabilities[i]))).toBeLessThan(1e-5);
    }
  }
});
