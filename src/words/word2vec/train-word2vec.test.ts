import { expect, test } from "vitest";
import { SemspaceError } from "../../errors.ts";
import { encodeCorpus } from "../corpus/encode-corpus.ts";
import type { TrainingProgress } from "../training/epochs.ts";
import { trainWord2Vec } from "./train-word2vec.ts";
import { loadWord2Vec, type Word2VecModel } from "./word2vec-model.ts";
import type { Word2VecOptions } from "./word2vec-options.ts";

/** Two topics that never share a line: words of one are near each other and far from those of the other. */
function topics(lines: number): string[] {
  const words = ["red green blue white black grey", "cat dog cow pig hen fox"].map((topic) => topic.split(" "));
  let state = 7;
  const draw = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % limit;
  };
  return Array.from({ length: lines }, (_, i) => Array.from({ length: 12 }, () => words[i % 2][draw(6)]).join(" "));
}

const lines = topics(600);
const quick: Word2VecOptions = { dimensions: 18, sample: 0, epochs: 4, learningRate: 0.05, minCount: 1 };

function separates({ vectors }: Word2VecModel): boolean {
  const nearest = [...vectors.mostSimilar("red", { top: 5 }), ...vectors.mostSimilar("fox", { top: 5 })];
  const colours = nearest.map(({ word }) => "green blue white black grey red".includes(word));
  return colours.slice(0, 5).every(Boolean) && !colours.slice(5).some(Boolean);
}

const kinds: [string, Word2VecOptions][] = [
  ["skip-gram with negatives", {}],
  ["skip-gram with more negatives than one group holds", { negative: 14 }],
  ["skip-gram with a Huffman tree", { negative: 0, hierarchicalSoftmax: true }],
  ["CBOW with the mean's gradient", { architecture: "cbow", learningRate: 0.2 }],
  ["CBOW with word2vec.c's gradient", { architecture: "cbow", cbowGradient: "word2vec" }],
  ["CBOW with a Huffman tree", { architecture: "cbow", negative: 0, hierarchicalSoftmax: true, learningRate: 0.2 }],
  ["a Huffman tree and negatives together", { hierarchicalSoftmax: true }],
];

test.each(kinds)("%s tells two topics apart, and its loss falls", async (_, options) => {
  const model = await trainWord2Vec(lines, { ...quick, ...options });
  expect(separates(model)).toBe(true);
  expect(model.losses).toHaveLength(4);
  expect(model.losses[3]).toBeLessThan(model.losses[0]);
});

test("one thread gives the same bits for the same seed, and others for another", async () => {
  const [one, again, other] = [
    await trainWord2Vec(lines, quick),
    await trainWord2Vec(lines, quick),
    await trainWord2Vec(lines, { ...quick, seed: 2 }),
  ];
  expect(one.vectors.vectors.data).toEqual(again.vectors.vectors.data);
  expect(one.losses).toEqual(again.losses);
  expect(one.vectors.vectors.data).not.toEqual(other.vectors.vectors.data);
});

test("progress tells epoch, share, speed, loss and the time that is left", async () => {
  const seen: TrainingProgress[] = [];
  await trainWord2Vec(lines, { ...quick, onProgress: (progress) => void seen.push(progress) });
  const last = seen.at(-1)!;
  expect(last).toMatchObject({ epoch: 4, epochs: 4, fraction: 1, done: 4 * 7200, secondsLeft: 0 });
  expect(last.speed).toBeGreaterThan(1000);
  expect(last.loss).toBeGreaterThan(0);
});

test("a training that was broken off goes on from its checkpoint to the same bits", async () => {
  const whole = await trainWord2Vec(lines, quick);
  const states: Uint8Array[] = [];
  const stop = new AbortController();
  const broken = trainWord2Vec(lines, {
    ...quick,
    signal: stop.signal,
    checkpoint: (state) => {
      states.push(state);
      if (states.length === 2) stop.abort(new Error("power cut"));
    },
  });
  await expect(broken).rejects.toThrow("power cut");
  const resumed = await trainWord2Vec(lines, { ...quick, resume: states[1] });
  expect(resumed.vectors.vectors.data).toEqual(whole.vectors.vectors.data);
  expect(resumed.losses).toEqual(whole.losses);
  await expect(trainWord2Vec(lines, { ...quick, window: 3, resume: states[1] })).rejects.toThrow("window 5, now 3");
  await expect(trainWord2Vec(topics(500), { ...quick, resume: states[1] })).rejects.toThrow("occur differently often");
});

test("a training that was broken off within an epoch goes on to the same bits", async () => {
  const many = topics(10_000);
  const settings: Word2VecOptions = { ...quick, epochs: 2 };
  const states: Uint8Array[] = [];
  const whole = await trainWord2Vec(many, {
    ...settings,
    checkpointMinutes: 0,
    checkpoint: (state) => void states.push(state),
  });
  expect(states.length).toBeGreaterThan(2);
  const resumed = await trainWord2Vec(many, { ...settings, resume: states[0] });
  expect(resumed.vectors.vectors.data).toEqual(whole.vectors.vectors.data);
  expect(resumed.losses).toEqual(whole.losses);
  const unbroken = await trainWord2Vec(many, settings);
  expect(unbroken.vectors.vectors.data).toEqual(whole.vectors.vectors.data);
  expect(unbroken.losses).toEqual(whole.losses);
});

test("a model that was saved goes on with a new corpus and its new words", async () => {
  const model = await loadWord2Vec((await trainWord2Vec(lines, quick)).toBytes());
  const more = topics(200).map((line) => line.replaceAll("cow", "yak"));
  const grown = await model.train(more, { minCount: 5 });
  expect(grown.vocabulary.words.slice(0, 12)).toEqual(model.vocabulary.words);
  expect(grown.vocabulary.words.slice(12)).toEqual(["yak"]);
  expect(grown.vocabulary.count("red")).toBeGreaterThan(model.vocabulary.count("red"));
  expect("cat dog cow pig hen fox").toContain(grown.vectors.mostSimilar("yak", { top: 1 })[0].word);
});

test("a rate that is far too high ends with the loss, not with vectors of NaN", async () => {
  const training = trainWord2Vec(lines, { ...quick, learningRate: 1e30, epochs: 2 });
  await expect(training).rejects.toThrow("The loss became NaN in epoch 1");
});

test("an encoded corpus can be trained on more than once", async () => {
  const corpus = await encodeCorpus(lines, { minCount: 1 });
  const [a, b] = [await trainWord2Vec(corpus, quick), await trainWord2Vec(lines, quick)];
  expect(a.vectors.vectors.data).toEqual(b.vectors.vectors.data);
  await corpus.dispose();
});

test("settings that cannot be are refused with what is allowed", async () => {
  const refused: [Word2VecOptions, string][] = [
    [{ negative: 0 }, "set hierarchicalSoftmax to true"],
    [{ architecture: "glove" as "cbow" }, "Use one of: skip-gram, cbow"],
    [{ dimensions: 0 }, "dimensions must be a whole number of at least 1"],
    [{ learningRate: 0 }, "learningRate must be above 0"],
    [{ sample: 2 }, "sample must be from 0 to 1"],
    [{ threads: 0 }, "threads must be"],
    [{ checkpointMinutes: -1 }, "checkpointMinutes must be from 0 to"],
    [{ dimensions: 1_000_000_000 }, "WebAssembly has 4"],
  ];
  for (const [options, message] of refused)
    await expect(trainWord2Vec(["a b"], { minCount: 1, ...options })).rejects.toThrow(message);
});

test("what is no saved training is refused", async () => {
  const bytes = (await trainWord2Vec(["a b a b"], { ...quick, epochs: 1 })).toBytes();
  for (let length = 0; length < bytes.length; length += 37) {
    await expect(loadWord2Vec(bytes.slice(0, length))).rejects.toThrow(SemspaceError);
  }
});

test("the vectors are the same bits in Node and in a browser", async () => {
  const { vectors } = await trainWord2Vec(lines, { ...quick, architecture: "cbow", hierarchicalSoftmax: true });
  const bits = new Int32Array(vectors.vectors.data.buffer);
  expect(bits.reduce((sum, value) => (Math.imul(sum, 31) + value) | 0, 0)).toBe(-435_283_927);
});

test("a damaged file of a training is an error or a model, never a crash", async () => {
  const bytes = (await trainWord2Vec(lines.slice(0, 20), { ...quick, epochs: 1, hierarchicalSoftmax: true })).toBytes();
  let state = 5;
  for (let round = 0; round < 300; round += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const broken = bytes.slice();
    // Most flips fall into the header and the settings, where they matter.
    broken[(state >>> 8) % (round % 3 === 0 ? bytes.length : 900)] ^= 1 << (state >>> 29);
    await loadWord2Vec(broken).catch((error: unknown) => expect(error).toBeInstanceOf(SemspaceError));
  }
});
