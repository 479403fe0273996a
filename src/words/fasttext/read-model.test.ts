import { describe, expect, test } from "vitest";
import { fastTextFile, fastTextFiles, matrixStart } from "../../../test/fasttext-files.ts";
import { concatenated } from "../../../test/written-vectors.ts";
import type { Prediction } from "./fasttext-model.ts";
import { loadFastText } from "./read-model.ts";
import { fastTextBytes } from "./write-model.ts";

function expectClose(got: ArrayLike<number>, wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  for (let k = 0; k < wanted.length; k += 1) expect(Math.abs(got[k] - wanted[k])).toBeLessThan(1e-5);
}

describe.each(Object.keys(fastTextFiles))("the original's model %s", (name) => {
  test("gives words and texts the original's vectors", async () => {
    const model = await loadFastText(fastTextFile(name));
    for (const [word, vector] of Object.entries(fastTextFiles[name].words)) expectClose(model.wordVector(word), vector);
    for (const { text, vector } of fastTextFiles[name].texts) expectClose(model.sentenceVector(text), vector);
  });

  test("predicts what the original predicts, or refuses where it has no labels", async () => {
    const model = await loadFastText(fastTextFile(name));
    for (const { text, predictions, above } of fastTextFiles[name].texts) {
      if (!predictions) {
        expect(() => model.predict(text)).toThrow("has word vectors only");
        continue;
      }
      const got = byProbability(model.predict(text, { top: 3 }));
      const wanted = byProbability(predictions.map(([label, probability]) => ({ label, probability })));
      expect(got.map(({ label }) => label)).toEqual(wanted.map(({ label }) => label));
      for (const [i, { probability }] of wanted.entries()) {
        expect(Math.abs(got[i].probability - Math.min(1, probability))).toBeLessThan(1e-5);
      }
      const more = model.predict(text, { top: Infinity, threshold: 0.3 }).map(({ label }) => label);
      expect(more.toSorted()).toEqual(above!.toSorted());
    }
  });

  test("is written byte for byte as it was read", async () => {
    const written = concatenated([...fastTextBytes(await loadFastText(fastTextFile(name)))]);
    const read = fastTextFile(name);
    expect(written.length).toBe(read.length);
    expect(read.findIndex((byte, i) => byte !== written[i])).toBe(-1);
  });
});

/** The sigmoid's table makes many labels equally probable; the original's order of these is that of its heap. */
function byProbability(predictions: readonly Prediction[]): Prediction[] {
  return predictions.toSorted(
    (a, b) => b.probability.toFixed(4).localeCompare(a.probability.toFixed(4)) || a.label.localeCompare(b.label),
  );
}

test("a file of the form before the magic number is the same model", async () => {
  const bytes = fastTextFile("skipgram");
  // Without magic and version, without the number of pruned n-grams, without the two bytes before the matrices.
  const head = 8 + 12 * 4 + 8;
  const entriesEnd = matrixStart(bytes);
  const model = await loadFastText(bytes);
  const inputBytes = 16 + model.parts.input.rows * model.dimensions * 4;
  const old = concatenated([
    bytes.subarray(8, head + 20),
    bytes.subarray(head + 28, entriesEnd),
    bytes.subarray(entriesEnd + 1, entriesEnd + 1 + inputBytes),
    bytes.subarray(entriesEnd + 2 + inputBytes),
  ]);
  const again = await loadFastText(old);
  expect(again.words).toEqual(model.words);
  for (const [word, vector] of Object.entries(fastTextFiles["skipgram"].words))
    expectClose(again.wordVector(word), vector);
});

test("a classifier of version 11 has no character n-grams, whatever it says", async () => {
  const bytes = fastTextFile("hs").slice();
  bytes[4] = 11;
  expect((await loadFastText(bytes)).settings.maxN).toBe(0);
});

test("a later version is refused by its number", async () => {
  const bytes = fastTextFile("hs").slice();
  bytes[4] = 13;
  await expect(loadFastText(bytes)).rejects.toThrow("version 13");
});
