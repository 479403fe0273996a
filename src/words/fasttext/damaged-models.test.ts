import { describe, expect, test } from "vitest";
import { countsStart, fastTextFile, fastTextFiles, matrixStart } from "../../../test/fasttext-files.ts";
import { concatenated } from "../../../test/written-vectors.ts";
import { SemspaceError } from "../../errors.ts";
import { dictionaryOf } from "./dictionary.ts";
import { FastTextModel } from "./fasttext-model.ts";
import { loadFastText } from "./read-model.ts";
import { DenseTable, type ModelTable } from "./table.ts";
import { fastTextBytes } from "./write-model.ts";

async function changed(name: string, at: number, value: number): Promise<unknown> {
  const bytes = fastTextFile(name);
  new DataView(bytes.buffer).setInt32(at, value, true);
  return loadFastText(bytes);
}

describe("a malformed file names what is wrong", () => {
  test("more entries than the file can hold are refused before anything is allocated", async () => {
    const bytes = fastTextFile("softmax");
    const view = new DataView(bytes.buffer);
    view.setInt32(countsStart, 0x7fffffff, true);
    view.setInt32(countsStart + 4, 0x7ffffffe, true);
    view.setInt32(countsStart + 8, 1, true);
    await expect(loadFastText(bytes)).rejects.toThrow("a dictionary of 2147483647 entries needs");
  });

  test.each([
    ["dimensions of 0", 8, 0, "the number of dimensions is 0"],
    ["other dimensions than the matrices have", 8, 5, "its matrices have 6 and 6 columns, its header says 5"],
    ["an unknown loss", 32, 9, "none that fastText has"],
    ["an unknown model", 36, 0, "none that fastText has"],
    ["a negative bucket count", 40, -1, "bucket is -1"],
    ["more buckets than rows", 40, 500, "its input has"],
    ["words and labels that do not add up", countsStart + 4, 1, "dictionary has"],
    ["a count of tokens beyond 2^53", countsStart + 16, 0x7fffffff, "the number of tokens is"],
  ])("%s", async (_, at, value, message) => {
    await expect(changed("ns", at, value)).rejects.toThrow(message);
  });

  test("fewer labels than there are", async () => {
    const bytes = fastTextFile("softmax");
    const view = new DataView(bytes.buffer);
    for (const [at, by] of [
      [4, 1],
      [8, -1],
    ])
      view.setInt32(countsStart + at, view.getInt32(countsStart + at, true) + by, true);
    await expect(loadFastText(bytes)).rejects.toThrow(/it has 3 labels and promises 2/);
  });

  test("a type of an entry that there is not", async () => {
    const bytes = fastTextFile("softmax");
    bytes[bytes.indexOf(0, countsStart + 28) + 9] = 2;
    await expect(loadFastText(bytes)).rejects.toThrow("word 0 has type 2");
  });

  test("a word without an end", async () => {
    const bytes = concatenated([
      fastTextFile("softmax").subarray(0, countsStart + 28),
      new Uint8Array(400_000).fill(97),
    ]);
    await expect(loadFastText(bytes)).rejects.toThrow("word 0 has no end");
  });

  test("a matrix larger than the file", async () => {
    const at = matrixStart(fastTextFile("softmax")) + 1;
    await expect(changed("softmax", at, 0x7fffffff)).rejects.toThrow("the input matrix of 2147483647 x 6 needs");
  });

  test("a byte before a matrix that says neither dense nor quantised", async () => {
    const bytes = fastTextFile("softmax");
    bytes[matrixStart(bytes)] = 3;
    await expect(loadFastText(bytes)).rejects.toThrow("the input's kind is 3, not 0 or 1");
  });

  test.each([
    ["rows", 2, "of codes"],
    ["columns", 10, "quantiser cuts"],
    ["bytes of codes", 18, "codes needs"],
  ])("a quantised matrix of too many %s", async (_, behind, message) => {
    await expect(changed("quantized", matrixStart(fastTextFile("quantized")) + behind, 0x7ffffff)).rejects.toThrow(
      message,
    );
  });

  test("more pruned n-grams than the file can hold", async () => {
    await expect(changed("pruned", countsStart + 20, 0x7fffffff)).rejects.toThrow("a list of 2147483647 n-grams needs");
  });

  test("a pruned n-gram of a bucket that there is not", async () => {
    const bytes = fastTextFile("pruned");
    new DataView(bytes.buffer).setInt32(matrixStart(bytes), 0x7fffffff, true);
    await expect(loadFastText(bytes)).rejects.toThrow("n-gram 0 is bucket 2147483647");
  });

  test("a model that is pruned but not quantised, which fastText itself no longer reads", async () => {
    const { settings, dictionary, input, output } = (await loadFastText(fastTextFile("pruned"))).parts;
    const rows = Float32Array.from({ length: input.rows * input.columns }, (_, i) => i);
    const dense = new FastTextModel({ settings, dictionary, input: new DenseTable(rows, input.columns), output });
    const bytes = concatenated([...fastTextBytes(dense)]);
    await expect(loadFastText(bytes)).rejects.toThrow("pruned but not quantised");
  });

  test.each(Object.keys(fastTextFiles))("%s cut short anywhere", async (name) => {
    const whole = fastTextFile(name);
    for (let length = 0; length < whole.length; length += length < 700 ? 13 : 1001) {
      await expect(loadFastText(whole.subarray(0, length))).rejects.toThrow(SemspaceError);
    }
  });
});

test("words that are empty, broken UTF-8, hold spaces or come twice stay as they are", async () => {
  const texts = [[], [0xe2, 0x82], [0xff, 97], [97, 32, 98], [99], [99], [0xef, 0xbb, 0xbf, 100]];
  const entries = texts.map((bytes, i) => ({ text: Uint8Array.from(bytes), count: 9 - i }));
  const { settings } = (await loadFastText(fastTextFile("cbow"))).parts;
  const rows = Float32Array.from({ length: 7 * 5 }, (_, i) => i);
  const table = new DenseTable(rows, 5);
  const parts = { settings, dictionary: dictionaryOf(entries, { words: 7, tokens: 50 }), input: table, output: table };
  const bytes = concatenated([...fastTextBytes(new FastTextModel(parts))]);
  const model = await loadFastText(bytes);
  expect(model.words).toEqual(["", "\ufffd", "\ufffda", "a b", "c", "c", "\ufeffd"]);
  expect(concatenated([...fastTextBytes(model)])).toEqual(bytes);
  // Of two equal words the first one is found, and none has taken bytes of its neighbour.
  expect([...model.wordVector("c")]).toEqual([20, 21, 22, 23, 24]);
  expect([...model.wordVector("\ufeffd")]).toEqual([30, 31, 32, 33, 34]);
  expect(model.wordVectors().mostSimilar("a b", { top: 2 })).toHaveLength(2);
});

test("what stands behind the model is not looked at", async () => {
  const whole = fastTextFile("hs");
  const model = await loadFastText(concatenated([whole, new Uint8Array(99).fill(7)]));
  expect(concatenated([...fastTextBytes(model)])).toEqual(whole);
});

test("whatever is cut off or flipped, it is an error of ours or a model that answers and is no larger than its file", async () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 16807) % 2147483647) % below;
  let models = 0;
  for (const name of Object.keys(fastTextFiles)) {
    const whole = fastTextFile(name);
    const head = matrixStart(whole);
    for (let round = 0; round < 120; round += 1) {
      const bytes = round % 4 === 0 ? whole.slice(0, random(whole.length)) : whole.slice();
      // Most of a file is numbers of matrices: half of the flips go to what stands before them.
      for (let flips = random(4); flips > 0 && bytes.length > 0; flips -= 1) {
        bytes[random(flips % 2 ? Math.min(head + 40, bytes.length) : bytes.length)] ^= 1 << random(8);
      }
      try {
        const model = await loadFastText(bytes);
        expect(sizeOf(model), `${name}, round ${round}`).toBeLessThan(4 * whole.length);
        model.sentenceVector("the cat sat on the straßenbahn");
        if (model.settings.kind === "supervised") model.predict("the old cat", { top: 3 });
        model.wordVectors().vectors.row(0);
        concatenated([...fastTextBytes(model)]);
        models += 1;
      } catch (error) {
        expect(error, `${name}, round ${round}: ${(error as Error).stack}`).toBeInstanceOf(SemspaceError);
      }
    }
  }
  expect(models).toBeGreaterThan(200);
});

/** Bytes that a model takes. */
function sizeOf({ parts: { dictionary, input, output } }: FastTextModel): number {
  const { bytes, starts, counts, kept } = dictionary.parts;
  const words = bytes.length + starts.length * 8 + counts.length * 8 + (kept?.size ?? 0) * 8;
  return words + tableBytes(input) + tableBytes(output);
}

function tableBytes(table: ModelTable): number {
  if (table instanceof DenseTable) return table.data.byteLength;
  return table.rows * 16;
}
