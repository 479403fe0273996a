/** `semspace distill --corpus` from the sources, as a process of its own. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realModel } from "../../test/real-models.ts";
import { jsonLines, root, semspace, write } from "../../test/semspace-process.ts";

const tiny = realModel("bert-tiny-splade");
const nouns = ["river", "bank", "king", "queen", "banana", "engine", "song", "letter"];
const verbs = ["crosses", "holds", "sees", "eats", "drives", "hears", "writes"];
const corpus = write(
  "corpus.txt",
  nouns.flatMap((noun) => verbs.map((verb, i) => `The ${noun} ${verb} the ${nouns[i]}.\n\n`)).join(""),
);

test.skipIf(!tiny)("tokens learn from a corpus, and the folder says which dimensions serve alone", async () => {
  const { code, out, err } = await semspace([
    ...["distill", tiny!, "--output", "learnt", "--corpus", corpus, "--pca-dimensions", "16"],
    ...["--shorter", "8", "--epochs", "2", "--checkpoint", "state", "--json"],
  ]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(jsonLines(out)[0]).toMatchObject({ output: "learnt", dimensions: 16 });
  const config = JSON.parse(readFileSync(join(root, "learnt/config.json"), "utf8")) as Record<string, unknown>;
  expect(config["matryoshka_dims"]).toEqual([16, 8]);
});

test("what --corpus cannot take is said, and what is for a corpus alone", async () => {
  const model = tiny ?? ".";
  const run = async (...args: string[]) => (await semspace(["distill", model, "--output", "none", ...args])).err;
  expect(await run("--shorter", "8")).toContain(
    "--checkpoint and --shorter are for learning from texts: add --corpus FILE.",
  );
  expect(await run("--corpus", corpus, "--shorter", "8,x")).toContain(
    '--shorter takes whole numbers between commas, such as 128,64, got "8,x".',
  );
  expect(await run("--corpus", "missing.txt")).toContain("missing.txt");
  if (tiny)
    expect(await run("--corpus", corpus, "--pca-dimensions", "64")).toContain(
      "56 texts are too few to learn 64 dimensions from",
    );
});
