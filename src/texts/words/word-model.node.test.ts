import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { jsonLines, root, semspace, write } from "../../../test/semspace-process.ts";
import { Matrix } from "../../matrix/index.ts";
import { saveWordVectors, WordVectors } from "../../words/index.ts";
import { describeModel, loadEmbedder } from "../load-embedder.ts";

const words = ["cat", "kitten", "engine", "motor", "the"];
const rows = Matrix.fromRows([[1, 0.1, 0], [0.9, 0.2, 0], [0, 0.1, 1], [0.1, 0, 0.9], [0.1, 0.1, 0.1]]); // oxfmt-ignore
const vectors = new WordVectors(words, rows);
const path = join(root, "vectors.bin");
beforeAll(async () => void (await saveWordVectors(vectors, path)));

test("a file of word vectors is a model: the mean of a text's words", async () => {
  const embedder = await loadEmbedder(path);
  const [the, kitten] = [4, 1].map((i) => rows.row(i));
  const mean = await embedder.encode("the kitten");
  for (const [k, value] of mean.entries()) expect(value).toBeCloseTo((the[k] + kitten[k]) / 2, 6);
  expect(await describeModel(path)).toMatchObject({
    kind: "words",
    modules: ["WordVectors"],
    dimensions: 3,
    name: path,
  });
  await expect(loadEmbedder(path, { pooling: "max" })).rejects.toThrow("Leave pooling and maxLength out");
  await expect(loadEmbedder(join(root, "none.bin"))).rejects.toThrow();
});

test("semspace search and embed take it as their model, and vectors of another file are never taken for its own", async () => {
  write("texts/a.txt", "the engine");
  write("texts/b.txt", "the kitten");
  await saveWordVectors(new WordVectors(words, Matrix.fromRows(rows.toArray().toReversed())), join(root, "other.bin"));
  const best = async (model: string): Promise<unknown> => {
    const { out, err } = await semspace(["search", "motor", "texts", "-m", model, "--semantic", "--json"]);
    expect(err).toBe("");
    return jsonLines(out)[0].text;
  };
  expect(await best("vectors.bin")).toBe("the engine");
  expect(await best("vectors.bin")).toBe("the engine");
  expect(await best("other.bin")).toBe("the kitten");
  const embedded = await semspace(["embed", "-m", "vectors.bin"], { input: "the engine\n" });
  expect(JSON.stringify(jsonLines(embedded.out)[0])).toContain("0.05");
});
