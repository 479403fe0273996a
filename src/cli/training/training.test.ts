import { expect, test, vi } from "vitest";
import { interruptible } from "./interruptible.ts";
import { readPlan } from "./plan.ts";
import { tokenizerOf } from "./text-options.ts";
import { inFlags } from "./trainer-options.ts";
import { countingNote, trainingNote } from "./training-note.ts";

type Given = Parameters<typeof readPlan>[1] & Record<string, unknown>;

const plan = (method: string, options: Record<string, unknown>) =>
  readPlan([method], { input: "nowhere/text.txt", output: "vectors.bin", ...options } as unknown as Given);

test.each([
  ["word2vec", { "x-max": 5 }, /^--x-max is for glove, not for word2vec: leave it out\.$/],
  ["glove", { negative: 5 }, /^--negative is for word2vec and fasttext, not for glove/],
  ["fasttext", { "hierarchical-softmax": true }, /fasttext has --loss hs in its place/],
  ["word2vec", { "cbow-gradient": "mean" }, /^--cbow-gradient is for --cbow\. Add --cbow/],
  ["word2vec", { negative: 0 }, /^--negative 0 leaves nothing to learn from\. Use --hierarchical-softmax/],
  ["fasttext", { negative: 5, loss: "hs" }, /^--negative is for --loss ns, not for hs/],
  ["fasttext", { "min-n": 7 }, /^--min-n is 7, --max-n only 6/],
  ["word2vec", { resume: true }, /^--resume needs --checkpoint FILE/],
  ["word2vec", { resume: true, checkpoint: "a", continue: "b" }, /^--resume goes on .*, --continue begins one/],
  ["word2vec", { continue: "b", dimensions: 3 }, /^--continue takes over the model's own: leave --dimensions out/],
  [
    "word2vec",
    { resume: true, checkpoint: "nowhere/a" },
    /^No checkpoint nowhere\/a to go on from\. Leave --resume out/,
  ],
  ["word2vec", { initial: "a.txt" }, /^--initial is for glove, not for word2vec/],
  ["word2vec", { "checkpoint-minutes": 5 }, /^--checkpoint-minutes is for --checkpoint\. Add --checkpoint FILE/],
  ["glove", { mu: 1 }, /^--mu is for --initial/],
  ["word2vec", { "phrase-rounds": 2 }, /^--phrase-rounds is for --phrases/],
  ["word2vec", { phrases: true, input: "-" }, /^--phrases reads the text twice, which standard input cannot be/],
  [
    "word2vec",
    { vocabulary: "a.txt", "min-count": 2 },
    /^--vocabulary says which words there are: leave --min-count out/,
  ],
  ["word2vec", { tokenizer: "segmenter:no such" }, /^--tokenizer must be spaces, words or segmenter:LANGUAGE/],
  ["word2vec", { output: "nowhere/text.txt" }, /^--input and --output are one file/],
  ["word2vec", { output: "/" }, /^--output \/ is a folder\. Name a file in it/],
  ["word2vec", { output: "vectors.doc" }, /does not say which format/],
  ["fastext", {}, /^One of word2vec, glove, fasttext is needed, got "fastext"\. Did you mean fasttext\?/],
])("%s with %o is refused before anything is read", async (method, options, message) => {
  await expect(plan(method, options)).rejects.toThrow(message);
});

test("what was given reaches the trainer by its own names", async () => {
  const { settings } = await plan("word2vec", { cbow: true, "min-count": 2, "memory-limit": 3, "learning-rate": 0.1 });
  expect(settings).toEqual({ architecture: "cbow", minCount: 2, memoryLimit: 3 << 20, learningRate: 0.1 });
  expect(inFlags("Use a smaller minCount, and a window.")).toBe("Use a smaller --min-count, and a window.");
});

test("tokenizers cut ordinary text and Chinese", () => {
  expect([...tokenizerOf("words")!("“Don't!”, said the Café-owner (42).")]).toEqual(
    "don't said the café owner 42".split(" "),
  );
  expect([...tokenizerOf("segmenter:zh")!("我喜欢学习。")]).toEqual(["我", "喜欢", "学习"]);
});

test("the note of a training tells epoch, speed, loss and the time left", () => {
  const progress = { epoch: 2, epochs: 5, fraction: 0.3, done: 0, speed: 1_312_000, loss: 2.3141, secondsLeft: 80.2 };
  expect(trainingNote(progress, "words")).toBe("epoch 2/5 · 1.31 M words/s · 1 min 20 s left · loss 2.31");
  expect(trainingNote({ ...progress, speed: 420, loss: Number.NaN, secondsLeft: Infinity }, "cells")).toBe(
    "epoch 2/5 · 420 cells/s",
  );
});

test("the note of a count tells words a second, cells and the time left", () => {
  const progress = {
    phase: "counting",
    fraction: 0.5,
    words: 1e6,
    cells: 20_134_000,
    spilled: 0,
    speed: 1_500_000,
  } as const;
  expect(countingNote({ ...progress, secondsLeft: 4000 })).toBe("1.50 M words/s · 20.1 M cells · 1 h 6 min left");
});

test("a second Ctrl-C ends the program at once, an error of the work is its own", async () => {
  const exit = vi.spyOn(process, "exit").mockImplementation((() => undefined) as never);
  const stopped = vi.fn();
  const code = await interruptible(async (signal) => {
    process.emit("SIGINT");
    process.emit("SIGINT");
    signal.throwIfAborted();
  }, stopped);
  expect([code, exit.mock.calls, stopped.mock.calls.length]).toEqual([130, [[130]], 1]);
  exit.mockRestore();
  await expect(interruptible(() => Promise.reject(new Error("full disk")), stopped)).rejects.toThrow("full disk");
  expect(process.listenerCount("SIGINT")).toBe(0);
});
