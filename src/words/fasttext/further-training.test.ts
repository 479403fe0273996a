import { describe, expect, test } from "vitest";
import { fastTextFile } from "../../../test/fasttext-files.ts";
import { SemspaceError } from "../../errors.ts";
import { WordVectors } from "../word-vectors.ts";
import { Matrix } from "../../matrix/index.ts";
import type { TrainingProgress } from "../training/epochs.ts";
import type { FastTextModel } from "./fasttext-model.ts";
import { loadFastText } from "./read-model.ts";
import { trainFastTextClassifier } from "./train-classifier.ts";
import { trainFastText } from "./train-fasttext.ts";
import type { FastTextClassifierOptions, FastTextOptions } from "./training-options.ts";
import { fastTextBytes } from "./write-model.ts";

/** Lines of two worlds of words that never meet, each with its label. */
function labelled(
  count: number,
  worlds: readonly string[] = ["sailing boating fishing diving", "walker climber hiker rider"],
): string[] {
  let state = 3;
  const draw = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % limit;
  };
  return Array.from({ length: count }, () => {
    const world = draw(worlds.length);
    const words = worlds[world].split(" ");
    return `__label__${world} ${Array.from({ length: 7 }, () => words[draw(words.length)]).join(" ")}`;
  });
}

const texts = labelled(300);
const lines = texts.map((line) => line.slice(line.indexOf(" ") + 1));
const words: FastTextOptions = { dimensions: 10, minCount: 1, sample: 0, epochs: 4, buckets: 2000, window: 3 };
const topics: FastTextClassifierOptions = {
  dimensions: 10,
  epochs: 4,
  buckets: 2000,
  wordNgrams: 2,
  minN: 2,
  maxN: 4,
  learningRate: 0.3,
};

type Train = (options?: FastTextOptions & FastTextClassifierOptions) => Promise<FastTextModel>;
const trainings: [string, Train][] = [
  ["skip-gram", (options) => trainFastText(lines, { ...words, ...options })],
  ["skip-gram with hs", (options) => trainFastText(lines, { ...words, loss: "hs", ...(options as FastTextOptions) })],
  ["CBOW", (options) => trainFastText(lines, { ...words, architecture: "cbow", ...options })],
  ["a classifier", (options) => trainFastTextClassifier(texts, { ...topics, ...options })],
  ["a classifier with negatives", (options) => trainFastTextClassifier(texts, { ...topics, ...options, loss: "ns" })],
];

async function bytesOf(model: FastTextModel): Promise<Uint8Array> {
  return new Uint8Array(await new Blob([...fastTextBytes(model)] as BlobPart[]).arrayBuffer());
}

/** `toEqual` of many numbers takes seconds. */
function expectSame(a: Uint8Array, b: Uint8Array): void {
  expect(a.length).toBe(b.length);
  expect(a.findIndex((byte, i) => byte !== b[i])).toBe(-1);
}

describe.each(trainings)("%s", (_, train) => {
  test("broken off and resumed is the same model as in one piece, byte for byte", async () => {
    const whole = await train();
    const states: Uint8Array[] = [];
    const stop = new AbortController();
    const broken = train({
      signal: stop.signal,
      checkpoint: (state) => {
        states.push(state);
        if (states.length === 2) stop.abort(new Error("power cut"));
      },
    });
    await expect(broken).rejects.toThrow("power cut");
    const resumed = await train({ resume: states[1] });
    expectSame(await bytesOf(resumed), await bytesOf(whole));
    expect(resumed.losses).toEqual(whole.losses);
    expect(whole.losses).toHaveLength(4);
    expect(whole.losses[3]).toBeLessThan(whole.losses[0]);
    // What was learned by then is a model of its own.
    expect((await loadFastText(states[1])).words).toEqual(whole.words);
  });

  test("goes on with the same bits whether its model is in memory or was read from its file", async () => {
    const model = await train();
    const [a, b] = [await model.train(texts), await (await loadFastText(await bytesOf(model))).train(texts)];
    expectSame(await bytesOf(a), await bytesOf(b));
  });

  test("a rate that is far too high ends with the loss, not with vectors of NaN", async () => {
    await expect(train({ learningRate: 1e30, epochs: 2 })).rejects.toThrow("The loss became NaN in epoch 1");
  });

  test("tells epoch, share, speed, loss and the time that is left", async () => {
    const seen: TrainingProgress[] = [];
    await train({ onProgress: (progress) => void seen.push(progress) });
    const last = seen.at(-1)!;
    expect(last).toMatchObject({ epoch: 4, epochs: 4, fraction: 1, secondsLeft: 0 });
    // Words; of a classifier's lines with their ends.
    expect([4 * 300 * 7, 4 * 300 * 8]).toContain(last.done);
    expect(last.speed).toBeGreaterThan(100);
    expect(last.loss).toBeGreaterThan(0);
  });
});

test("a checkpoint of another corpus or of other settings is refused with what is different", async () => {
  let state: Uint8Array = new Uint8Array();
  const checkpoint = (bytes: Uint8Array): void => void (state = bytes);
  await trainFastText(lines, { ...words, epochs: 1, checkpoint });
  await expect(trainFastText(lines, { ...words, epochs: 1, window: 5, resume: state })).rejects.toThrow(
    "window 3, now 5",
  );
  await expect(trainFastText(lines.slice(1), { ...words, epochs: 1, resume: state })).rejects.toThrow(
    "occur differently often",
  );
  await expect(trainFastTextClassifier(texts, { ...topics, resume: state })).rejects.toThrow(
    'kind "skipgram", now "supervised"',
  );
  await expect(trainFastText(lines, { ...words, resume: new Uint8Array(40) })).rejects.toThrow(SemspaceError);
});

test("new words and their n-grams get vectors, old ones keep theirs and are trained further", async () => {
  const model = await trainFastText(lines, words);
  const more = labelled(200, ["sailing boating fishing surfing", "walker climber hiker cyclist"]);
  const grown = await model.train(
    more.map((line) => line.slice(line.indexOf(" ") + 1)),
    { minCount: 1, epochs: 10 },
  );
  expect(grown.words.slice(0, model.words.length)).toEqual(model.words);
  expect(grown.words.slice(model.words.length).toSorted()).toEqual(["cyclist", "surfing"]);
  const near = grown.wordVectors().mostSimilar("surfing", { top: 3 });
  expect(near.every(({ word }) => word.endsWith("ing"))).toBe(true);
  const count = (each: FastTextModel, word: string): number =>
    each.parts.dictionary.parts.counts[each.words.indexOf(word)];
  expect(count(grown, "sailing")).toBeGreaterThan(count(model, "sailing"));
  expect(count(grown, "</s>")).toBe(500);
});

test("a classifier learns new labels and keeps the old ones", async () => {
  const model = await trainFastTextClassifier(texts, { ...topics, epochs: 20 });
  const worlds = ["sailing boating fishing diving", "walker climber hiker rider", "cooking baking frying grilling"];
  const grown = await model.train(labelled(300, worlds), { learningRate: 0.3, epochs: 20 });
  expect(grown.labels).toEqual([...model.labels, "__label__2"]);
  for (const [i, world] of worlds.entries()) expect(grown.predict(world)[0].label).toBe(`__label__${i}`);
  const again = await loadFastText(await bytesOf(grown));
  expect(again.predict("baking and frying")).toEqual(grown.predict("baking and frying"));
});

test.each(["skipgram", "cbow", "softmax", "hs", "ns", "ova"])("the original's model %s goes on", async (name) => {
  const model = await loadFastText(fastTextFile(name));
  const grown = await model.train(texts, { minCount: 1, epochs: 2 });
  const { wordCount } = model.parts.dictionary;
  expect(grown.words.slice(0, wordCount)).toEqual(model.words);
  expect(grown.words).toContain("sailing");
  expect(grown.losses.every((loss) => loss > 0)).toBe(true);
  expect((await loadFastText(await bytesOf(grown))).sentenceVector("sailing cat")).toEqual(
    grown.sentenceVector("sailing cat"),
  );
});

test("a quantised model is not trained further", async () => {
  const small = await (await trainFastTextClassifier(texts, topics)).quantize();
  await expect(small.train(texts)).rejects.toThrow("A quantised model cannot be trained further");
});

describe("pretrained vectors", () => {
  const given = new WordVectors(["sailing", "kayaking", "__label__9"], new Matrix(new Float32Array(30).fill(2), 3, 10));

  test("are what their words' rows begin with, and words that the corpus lacks become words", async () => {
    // A rate at which nothing moves visibly.
    const still = { learningRate: 1e-12, epochs: 1, pretrainedVectors: given };
    const model = await trainFastText(lines, { ...words, ...still, maxN: 0, minN: 0 });
    expect(model.words.at(-2)).toBe("kayaking");
    expect([...model.wordVector("kayaking"), ...model.wordVector("sailing")]).toEqual(
      Array.from({ length: 20 }, () => 2),
    );
    expect(Math.abs(model.wordVector("boating")[0])).toBeLessThan(0.1);
    const classifier = await trainFastTextClassifier(texts, { ...topics, ...still, minN: 0, maxN: 0 });
    expect(classifier.words.at(-1)).toBe("kayaking");
    expect(classifier.labels.toSorted()).toEqual(["__label__0", "__label__1"]);
    expect([...classifier.wordVector("kayaking")]).toEqual(Array.from({ length: 10 }, () => 2));
  });

  test("of other dimensions are refused", async () => {
    const training = trainFastText(lines, { ...words, dimensions: 12, pretrainedVectors: given });
    await expect(training).rejects.toThrow("pretrainedVectors has 10 dimensions, the model 12");
  });
});

test("a damaged checkpoint is an error or a model, never a crash", async () => {
  let whole: Uint8Array = new Uint8Array();
  await trainFastTextClassifier(texts.slice(0, 9), {
    ...topics,
    epochs: 1,
    checkpoint: (state) => void (whole = state),
  });
  let state = 5;
  for (let round = 0; round < 300; round += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const bytes = whole.slice();
    // Most flips fall into the header, where they matter.
    bytes[(state >>> 8) % (round % 3 === 0 ? bytes.length : 1200)] ^= 1 << (state >>> 29);
    const broken = round % 2 ? bytes : bytes.subarray(0, (state >>> 8) % bytes.length);
    await loadFastText(broken).catch((error: unknown) => expect(error).toBeInstanceOf(SemspaceError));
  }
});
