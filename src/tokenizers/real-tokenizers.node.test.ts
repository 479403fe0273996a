/** The tokenizers of real models against the Rust library; the bench tokenizer-parity does the same on many thousand lines. */
import { expect, test } from "vitest";
import { toUnits } from "../../test/code-points.ts";
import fixture from "../../test/golden/tokenizers/real.json" with { type: "json" };
import { realModel } from "../../test/real-models.ts";
import { loadTokenizer } from "./load.ts";

for (const [name, { size, results }] of Object.entries(fixture.models)) {
  const folder = realModel(name);
  test.skipIf(!folder)(`${name} gives the ids, offsets and text of the Rust library`, async () => {
    const tokenizer = await loadTokenizer(folder!);
    expect(tokenizer.vocabularySize).toBe(size);
    const fast = tokenizer.encodeIds(fixture.texts);
    for (const [i, text] of fixture.texts.entries()) {
      const [ids, offsets, decoded] = results[i] as [number[], number[], string];
      const encoding = tokenizer.encode(text);
      expect(encoding.ids, JSON.stringify(text)).toEqual(ids);
      expect(encoding.offsets.flat(), JSON.stringify(text)).toEqual(toUnits(text, offsets));
      expect([...fast.ids.subarray(fast.starts[i], fast.starts[i + 1])], JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(decoded);
    }
  });
}
