import { expect, test } from "vitest";
import golden from "../../../test/golden/glove.json" with { type: "json" };
import type { TrainingProgress } from "../training/epochs.ts";
import { loadGlove } from "./glove-model.ts";
import type { GloveOptions } from "./glove-options.ts";
import { trainGlove } from "./train-glove.ts";

const { lines } = golden;
const options: GloveOptions = { dimensions: 10, minCount: 2, epochs: 6, window: 5 };

test("the cost falls with every epoch, and progress comes to its end", async () => {
  const seen: TrainingProgress[] = [];
  const model = await trainGlove(lines, { ...options, onProgress: (progress) => void seen.push(progress) });
  expect(model.losses.length).toBe(6);
  for (let i = 1; i < 6; i += 1) expect(model.losses[i]).toBeLessThan(model.losses[i - 1]);
  expect(seen.at(-1)).toMatchObject({ epoch: 6, epochs: 6, fraction: 1, secondsLeft: 0 });
});

test("products of vectors of both sides come near the logarithms of counts", async () => {
  const { losses } = await trainGlove(lines, { ...options, dimensions: 30, epochs: 100 });
  expect(losses.at(-1)).toBeLessThan(losses[0] / 5);
});

test("one thread with the same seed gives the same bits, another seed others", async () => {
  const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => trainGlove(lines, { ...options, seed })));
  expect(a.vectors.vectors.data).toEqual(b.vectors.vectors.data);
  expect(a.vectors.vectors.data).not.toEqual(c.vectors.vectors.data);
});

test("a training that goes on from a checkpoint ends as one that was never interrupted", async () => {
  const states: Uint8Array[] = [];
  const whole = await trainGlove(lines, { ...options, checkpoint: (state) => void states.push(state) });
  expect(states.length).toBe(6);
  const resumed = await trainGlove(lines, { ...options, resume: states[2] });
  expect(resumed.toBytes()).toEqual(whole.toBytes());
  expect(whole.toBytes()).toEqual(states[5]);
});

test("a checkpoint of other settings, of another text or of something else is refused", async () => {
  const state = (await trainGlove(lines, options)).toBytes();
  await expect(trainGlove(lines, { ...options, window: 4, resume: state })).rejects.toThrow("window 5, now 4");
  await expect(trainGlove(lines.slice(1), { ...options, resume: state })).rejects.toThrow(
    "Resume with the same corpus",
  );
  await expect(trainGlove(lines, { ...options, resume: state.subarray(0, 1000) })).rejects.toThrow();
  const other = new TextDecoder("latin1").decode(state).replace("semspace-glove", "semspace-grove");
  const bytes = Uint8Array.from(other, (character) => character.charCodeAt(0));
  await expect(loadGlove(bytes)).rejects.toThrow("no GloVe training");
});

test("the output is the sum of both sides, or the words' own side", async () => {
  const sum = await trainGlove(lines, options);
  const word = await trainGlove(lines, { ...options, output: "word" });
  expect(word.vectors.vectors.data).toEqual(word.wordVectors.data);
  const { wordVectors, contextVectors } = sum;
  expect(sum.vectors.vectors.data[7]).toBe(Math.fround(wordVectors.data[7] + contextVectors.data[7]));
});

test("training goes on with another text: old words keep their place, new ones get vectors", async () => {
  const first = await trainGlove(lines.slice(0, 30), options);
  const next = await first.train(lines.slice(30), { epochs: 2 });
  expect(next.vocabulary.size).toBeGreaterThan(first.vocabulary.size);
  expect(next.vocabulary.words.slice(0, first.vocabulary.size)).toEqual(first.vocabulary.words);
  expect(next.losses.length).toBe(2);
});

test("an aborted training rejects with the signal's reason", async () => {
  const stop = new AbortController();
  const running = trainGlove(lines, { ...options, epochs: 1_000_000, signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 50);
  await expect(running).rejects.toThrow("enough");
});

test("a rate that makes the cost grow beyond all bounds ends the training", async () => {
  const wild = { ...options, learningRate: 1e30, gradientClip: 1e30, epochs: 20 };
  await expect(trainGlove(lines, wild)).rejects.toThrow("The loss became NaN in epoch");
});

test("words with given vectors begin there and stay near them, the more the larger mu is", async () => {
  const given = (await trainGlove(lines.slice(0, 80), { ...options, seed: 9, epochs: 30 })).vectors;
  const distance = async (mu: number, epochs: number): Promise<number> => {
    const { vectors } = await trainGlove(lines, { ...options, initial: given, mu, epochs });
    let sum = 0;
    for (const word of given.words) {
      const a = given.vector(word);
      const b = vectors.vector(word);
      sum += Math.hypot(...a.map((x, d) => x - b[d]));
    }
    return sum / given.size;
  };
  const [free, near, held] = [await distance(0, 20), await distance(1, 20), await distance(100, 20)];
  expect(near).toBeLessThan(free);
  expect(held).toBeLessThan(near);
  await expect(trainGlove(lines, { ...options, dimensions: 8, initial: given })).rejects.toThrow(
    "Set dimensions to 10.",
  );
  await expect(trainGlove(lines, { ...options, mu: -1 })).rejects.toThrow("mu must be a number of at least 0");
});

test("settings that cannot be are refused", async () => {
  await expect(trainGlove(lines, { xMax: 0 })).rejects.toThrow("xMax must be a number above 0, got 0.");
  await expect(trainGlove(lines, { learningRate: Number.NaN })).rejects.toThrow("learningRate");
  await expect(trainGlove(lines, { dimensions: 0 })).rejects.toThrow("dimensions");
  const convention = "2018" as "before-2019";
  await expect(trainGlove(lines, { biasConvention: convention })).rejects.toThrow('Unknown biasConvention "2018"');
});
