/** `semspace train`, as a process of its own. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { wordTokenizer } from "../../../test/small-training.ts";
import { root, semspace, write } from "../../../test/semspace-process.ts";
import { loadEmbedder } from "../../texts/index.ts";
import { readTrainConfig } from "./train-config.ts";
import { lossOf } from "./config-loss.ts";

const synonyms = { red: "crimson", green: "emerald", blue: "azure", one: "single", two: "double", three: "triple" };
const pairs = Object.entries(synonyms).map(([anchor, positive]) => ({ anchor, positive }));
write("words/tokenizer.json", wordTokenizer(Object.entries(synonyms).flat())["tokenizer.json"]);
write("pairs.jsonl", pairs.map((pair) => JSON.stringify(pair)).join("\n"));
write(
  "scores.tsv",
  "sentence1\tsentence2\tscore\nred\tcrimson\t5\none\tsingle\t4\nred\ttriple\t1\nthree\temerald\t0\n",
);
const config = {
  ...{ tokenizer: "words", dimensions: 16, output: "trained", data: "pairs.jsonl" },
  ...{ loss: { name: "matryoshka", loss: "multipleNegativesRanking", dimensions: [16, 8] } },
  ...{ epochs: 30, batchSize: 6, learningRate: 0.2, sampler: "no-duplicates", keepBest: false },
  evaluate: { path: "scores.tsv", scoreRange: [0, 5] },
};

test("a config is trained, options win over it, and the folder is a model", async () => {
  write("config.json", JSON.stringify(config));
  const args = ["train", "config.json", "--epochs", "60", "--log", "log.jsonl", "--curve", "curve.svg", "--json"];
  const { code, out, err } = await semspace(args);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const report = JSON.parse(out) as { steps: number; losses: number[]; score: number };
  expect(report).toMatchObject({ output: "trained", ended: "done" });
  expect(report.losses).toHaveLength(60);
  expect(report.score).toBeGreaterThan(0.5);
  expect(readFileSync(join(root, "log.jsonl"), "utf8").split("\n").length).toBeGreaterThan(report.steps);
  expect(existsSync(join(root, "curve.svg"))).toBe(true);
  const embedder = await loadEmbedder(join(root, "trained"));
  const [near, far] = embedder.similarity(
    await embedder.encode("red"),
    await embedder.encode(["crimson", "double"]),
  ).data;
  expect(near).toBeGreaterThan(far);
  expect(await semspace(args)).toMatchObject({ code: 1, err: expect.stringMatching(/trained is not empty/) as string });
});

test("Ctrl-C keeps the state, and the same command goes on from there", async () => {
  write(
    "long.json",
    JSON.stringify({ ...config, output: "long", epochs: 100_000, checkpoint: "state", checkpointEvery: 10 }),
  );
  const stopped = await semspace(["train", "long.json"], {
    killAfter: (child) => {
      const timer = setInterval(() => {
        if (!existsSync(join(root, "state/training.safetensors"))) return;
        clearInterval(timer);
        child.kill("SIGINT");
      }, 5);
    },
  });
  expect(stopped).toMatchObject({ code: 130, out: "" });
  expect(stopped.err).toMatch(
    /^Stopped after step \d+ of \d+; state holds the state\. The same command goes on from there\.\n$/,
  );
  const another = await semspace(["train", "long.json", "--seed", "5"]);
  expect(another).toMatchObject({ code: 1, err: expect.stringMatching(/its seed is 42, here it is 5/) as string });
});

test.each<[Record<string, unknown>, string]>([
  [{ batchsize: 3 }, 'broken.json: unknown key "batchsize". Did you mean batchSize?'],
  [{ epochs: "three" }, 'broken.json: "epochs" must be a whole number of at least 1, got "three".'],
  [{ sampler: "random" }, '"sampler" must be one of shuffled, no-duplicates, group-by-label, in-order, got "random".'],
  [{ data: [{ path: "a.jsonl" }, { columns: ["a"] }] }, 'data[1] must be the path of a file or an object with "path".'],
  [{ data: { path: "a.jsonl", colums: [] } }, 'broken.json: data: unknown key "colums". Did you mean columns?'],
  [{ data: { path: "a.jsonl", scoreRange: [5, 0] } }, '"scoreRange" must be two numbers, the least and the most'],
  [{ output: undefined }, '"output" is missing: name it in CONFIG.json or by --output.'],
  [{ model: "a" }, 'Either "model" or "tokenizer" (with "dimensions") is needed'],
])("a config with %j is refused", async (changed, message) => {
  const path = join(root, write("broken.json", JSON.stringify({ ...config, ...changed })));
  await expect(readTrainConfig(path, {})).rejects.toThrow(message);
});

test("a config that is no JSON, or not there, and losses that there are not are refused", async () => {
  await expect(readTrainConfig(join(root, write("broken.json", "{")), {})).rejects.toThrow("broken.json is no JSON");
  await expect(readTrainConfig(join(root, write("list.json", "[]")), {})).rejects.toThrow("must be an object");
  await expect(readTrainConfig(join(root, "nowhere.json"), {})).rejects.toMatchObject({ code: "missing-file" });
  expect(() => lossOf("c.json", "multipleNegativeRanking")).toThrow("Did you mean multipleNegativesRanking? Losses:");
  expect(() => lossOf("c.json", { scale: 3 })).toThrow('"loss" must be the name of a loss or an object with "name"');
  expect(lossOf("c.json", "MultipleNegativesRankingLoss").name).toBe("MultipleNegativesRanking");
});
