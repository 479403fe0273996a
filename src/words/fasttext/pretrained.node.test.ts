import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadFastText } from "./read-model.ts";
import { trainFastText } from "./train-fasttext.ts";

test("vectors to begin with come from a .vec file, and states go to a file and come back from it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "semspace-"));
  try {
    const vec = join(folder, "given.vec");
    await writeFile(vec, "2 3\ncat 1 2 3 \nunicorn 4 5 6 \n");
    const checkpoint = join(folder, "run.state");
    const options = { dimensions: 3, minCount: 1, minN: 0, maxN: 0, learningRate: 1e-12, epochs: 2 };
    const lines = ["the cat sat", "the dog sat"];
    const model = await trainFastText(lines, { ...options, pretrainedVectors: vec, checkpoint });
    expect([...model.wordVector("unicorn"), ...model.wordVector("cat")]).toEqual([4, 5, 6, 1, 2, 3]);
    // Both epochs are done: nothing is left to train.
    const resumed = await trainFastText(lines, { ...options, pretrainedVectors: vec, resume: checkpoint });
    expect(resumed.wordVector("sat")).toEqual(model.wordVector("sat"));
    expect((await loadFastText(checkpoint)).wordVector("dog")).toEqual(model.wordVector("dog"));
    const missing = trainFastText(lines, { ...options, resume: join(folder, "none.state") });
    await expect(missing).rejects.toThrow("No such file");
  } finally {
    await rm(folder, { recursive: true });
  }
});
