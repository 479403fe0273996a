import { describe, expect, test } from "vitest";
import golden from "../../../test/golden/fasttext/models.json" with { type: "json" };
import { SemspaceError } from "../../errors.ts";
import type { Prediction } from "./fasttext-model.ts";
import { loadFastText } from "./read-model.ts";
import { fastTextBytes } from "./write-model.ts";

interface GoldenModel {
  file: string;
  words: Record<string, number[]>;
  texts: { text: string; vector: number[]; predictions?: [string, number][]; above?: string[] }[];
}
const models = golden.models as unknown as Record<string, GoldenModel>;

function bytesOf(name: string): Uint8Array {
  return Uint8Array.from(atob(models[name].file), (character) => character.charCodeAt(0));
}

function joined(pieces: Iterable<Uint8Array>): Uint8Array {
  const all = [...pieces];
  const out = new Uint8Array(all.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function expectClose(got: ArrayLike<number>, wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  for (let k = 0; k < wanted.length; k += 1) expect(Math.abs(got[k] - wanted[k])).toBeLessThan(1e-5);
}

describe.each(Object.keys(models))("the original's model %s", (name) => {
  test("gives words and texts the original's vectors", async () => {
    const model = await loadFastText(bytesOf(name));
    for (const [word, vector] of Object.entries(models[name].words)) expectClose(model.wordVector(word), vector);
    for (const { text, vector } of models[name].texts) expectClose(model.sentenceVector(text), vector);
  });

  test("predicts what the original predicts, or refuses where it has no labels", async () => {
    const model = await loadFastText(bytesOf(name));
    for (const { text, predictions, above } of models[name].texts) {
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
    const written = joined(fastTextBytes(await loadFastText(bytesOf(name))));
    const read = bytesOf(name);
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
  const bytes = bytesOf("skipgram");
  // Without magic and version, without the number of pruned n-grams, without the two bytes before the matrices.
  const head = 8 + 12 * 4 + 8;
  const entriesEnd = matrixStart(bytes, "skipgram");
  const model = await loadFastText(bytes);
  const inputBytes = 16 + model.parts.input.rows * model.dimensions * 4;
  const old = joined([
    bytes.subarray(8, head + 20),
    bytes.subarray(head + 28, entriesEnd),
    bytes.subarray(entriesEnd + 1, entriesEnd + 1 + inputBytes),
    bytes.subarray(entriesEnd + 2 + inputBytes),
  ]);
  const again = await loadFastText(old);
  expect(again.words).toEqual(model.words);
  for (const [word, vector] of Object.entries(models["skipgram"].words)) expectClose(again.wordVector(word), vector);
});

test("a classifier of version 11 has no character n-grams, whatever it says", async () => {
  const bytes = bytesOf("hs").slice();
  bytes[4] = 11;
  expect((await loadFastText(bytes)).settings.maxN).toBe(0);
});

test("a later version is refused by its number", async () => {
  const bytes = bytesOf("hs").slice();
  bytes[4] = 13;
  await expect(loadFastText(bytes)).rejects.toThrow("version 13");
});

describe("a malformed file names what is wrong", () => {
  const changed = async (name: string, at: number, value: number): Promise<unknown> => {
    const bytes = bytesOf(name).slice();
    new DataView(bytes.buffer).setInt32(at, value, true);
    return loadFastText(bytes);
  };
  const counts = 8 + 12 * 4 + 8;

  test("more entries than the file can hold are refused before anything is allocated", async () => {
    const bytes = bytesOf("softmax").slice();
    const view = new DataView(bytes.buffer);
    view.setInt32(counts, 0x7fffffff, true);
    view.setInt32(counts + 4, 0x7ffffffe, true);
    view.setInt32(counts + 8, 1, true);
    await expect(loadFastText(bytes)).rejects.toThrow("a dictionary of 2147483647 entries needs");
  });

  test.each([
    ["dimensions of 0", 8, 0, "the number of dimensions is 0"],
    ["an unknown loss", 32, 9, "none that fastText has"],
    ["a negative bucket count", 40, -1, "bucket is -1"],
    ["words and labels that do not add up", counts + 4, 1, "dictionary has"],
  ])("%s", async (_, at, value, message) => {
    await expect(changed("softmax", at, value)).rejects.toThrow(message);
  });

  test("a matrix larger than the file", async () => {
    await expect(changed("softmax", matrixStart(bytesOf("softmax"), "softmax") + 1, 0x7fffffff)).rejects.toThrow(
      "the input matrix of 2147483647 x 6 needs",
    );
  });

  test("more pruned n-grams than the file can hold", async () => {
    await expect(changed("pruned", counts + 20, 0x7fffffff)).rejects.toThrow("a list of 2147483647 n-grams needs");
  });
});

test("truncated and damaged files give an error or a model, nothing else", async () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed % below;
  };
  for (const name of Object.keys(models)) {
    for (let round = 0; round < 40; round += 1) {
      const whole = bytesOf(name);
      const bytes = round % 2 ? whole.slice(0, random(whole.length)) : whole.slice();
      // Most of a file is numbers of matrices: half of the flips go to its head.
      for (let flips = round % 2 ? 0 : 3; flips > 0; flips -= 1)
        bytes[random(flips % 2 ? 400 : bytes.length)] ^= 1 << random(8);
      try {
        (await loadFastText(bytes)).sentenceVector("the cat sat on the straßenbahn");
      } catch (error) {
        expect(error).toBeInstanceOf(SemspaceError);
      }
    }
  }
});

/** Where the byte before the input matrix is: behind the last entry of the dictionary. */
function matrixStart(bytes: Uint8Array, name: string): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = 8 + 12 * 4 + 8 + 28;
  for (let left = view.getInt32(8 + 12 * 4 + 8, true); left > 0; left -= 1) at = bytes.indexOf(0, at) + 10;
  expect(bytes[at], name).toBe(0);
  return at;
}
