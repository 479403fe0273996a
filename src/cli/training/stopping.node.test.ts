/** `semspace words train` that is stopped, as a process of its own. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, semspace, write } from "../../../test/semspace-process.ts";

const line = "the quick brown fox jumps over the lazy dog while the cat sleeps on the warm mat\n";
write("small.txt", line.repeat(300));
const small = ["--input", "small.txt", "--dimensions", "8", "--epochs", "400"];
write("more.txt", "the unseen zebra jumps over the lazy dog\n".repeat(50));
write("labelled.txt", "__label__pet my cat purrs\n__label__car the motor hums\n".repeat(100));

const same = (a: string, b: string) => readFileSync(join(root, a)).equals(readFileSync(join(root, b)));

/** Sends the signal as soon as the file is there. */
const whenThere = (name: string, signal: NodeJS.Signals) => (child: { kill: (signal: NodeJS.Signals) => boolean }) => {
  const timer = setInterval(() => {
    if (!existsSync(join(root, name))) return;
    clearInterval(timer);
    child.kill(signal);
  }, 5);
};

test.each(["word2vec", "glove", "fasttext"] as const)(
  "%s: after Ctrl-C the same command with --resume gives what an unbroken training gives, bit for bit",
  async (method) => {
    const settings = method === "fasttext" ? [...small, "--buckets", "2000"] : small;
    const whole = ["words", "train", method, ...settings, "--output", `${method}-whole.bin`];
    const broken = [
      "words",
      "train",
      method,
      ...settings,
      "--output",
      `${method}.bin`,
      "--checkpoint",
      `${method}.state`,
    ];
    const stopped = await semspace(broken, { killAfter: whenThere(`${method}.state`, "SIGINT") });
    expect(stopped).toMatchObject({ code: 130, signal: null, out: "" });
    expect(stopped.err).toMatch(
      new RegExp(
        `^Stopped .*; ${method}\\.state holds the training as it was last kept\\. The same command with --resume goes on`,
      ),
    );
    expect(existsSync(join(root, `${method}.bin`))).toBe(false);
    const results = await Promise.all([broken, [...broken, "--resume"], whole].map((args) => semspace(args)));
    expect(results.map(({ code }) => code)).toEqual([2, 0, 0]);
    expect(results[0].err).toMatch(/is there already\. Add --resume to go on from it, or remove it/);
    expect(same(`${method}.bin`, `${method}-whole.bin`)).toBe(true);
    const further = ["--input", "more.txt", "--output", `${method}-more.txt`, "--continue", `${method}.state`];
    expect(await semspace(["words", "train", method, ...further])).toMatchObject({ code: 0 });
    expect(readFileSync(join(root, `${method}-more.txt`), "utf8")).toMatch(/^zebra /m);
  },
);

test("a classifier is stopped and resumed likewise", async () => {
  const args = ["words", "classify", "train", "--input", "labelled.txt", "--dimensions", "8", "--epochs", "3000"];
  const broken = [...args, "--output", "broken.bin", "--checkpoint", "labels.state"];
  const stopped = await semspace(broken, { killAfter: whenThere("labels.state", "SIGINT") });
  expect(stopped).toMatchObject({
    code: 130,
    err: expect.stringMatching(/holds the training as it was last kept/) as string,
  });
  expect((await semspace(["info", "labels.state"])).out).toMatch(
    /fasttext training, \d+ of 3,?000 epochs\. Go on: .*classify/,
  );
  const results = await Promise.all(
    [
      [...broken, "--resume"],
      [...args, "--output", "whole.bin"],
    ].map((a) => semspace(a)),
  );
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  expect(same("broken.bin", "whole.bin")).toBe(true);
});

test("being ended leaves no temporary file, with several threads too", async () => {
  write("large.txt", line.repeat(20_000));
  mkdirSync(join(root, "temporary"), { recursive: true });
  const args = ["words", "train", "word2vec", "--input", "large.txt", "--output", "no.bin", "--epochs", "1000"];
  const { code, err } = await semspace([...args, "--memory-limit", "1", "--threads", "2"], {
    environment: { TMPDIR: join(root, "temporary") },
    killAfter(child) {
      const timer = setInterval(() => {
        if (readdirSync(join(root, "temporary")).every((name) => !name.startsWith("semspace-"))) return;
        clearInterval(timer);
        child.kill("SIGTERM");
      }, 5);
    },
  });
  expect(code).toBe(143);
  expect(err).toMatch(/^Stopped .*, nothing is kept\. --checkpoint FILE keeps every whole epoch/);
  expect(readdirSync(join(root, "temporary")).filter((name) => name.startsWith("semspace-"))).toEqual([]);
  expect(readdirSync(root).filter((name) => name.startsWith("no.bin"))).toEqual([]);
});
