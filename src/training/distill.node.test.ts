import { expect, test } from "vitest";
import golden from "../../test/golden/distill.json" with { type: "json" };
import { realModel } from "../../test/real-models.ts";
import { loadTokenizer } from "../tokenizers/index.ts";
import type { StaticModelParts } from "../texts/static/index.ts";
import { loadEmbedder } from "../texts/index.ts";
import { staticModelFiles } from "../texts/static/index.ts";
import { distill } from "./distill.ts";

const folder = realModel("bert-tiny-splade");

/** Cosine and length against Python's vectors, for some tokens. */
function expectSameVectors(parts: StaticModelParts, wanted: { ids: number[]; vectors: number[][] }): void {
  for (const [i, id] of wanted.ids.entries()) {
    const ours = parts.rows.subarray(id * parts.dimensions, id * parts.dimensions + wanted.vectors[i].length);
    const theirs = wanted.vectors[i];
    const dot = theirs.reduce((sum, value, j) => sum + value * ours[j], 0);
    const length = (vector: ArrayLike<number>) => Math.hypot(...Array.from(vector));
    expect(dot / (length(ours) * length(theirs)), `token ${id}`).toBeGreaterThan(0.9999);
    expect(length(ours) / length(theirs)).toBeCloseTo(1, 3);
  }
}

test.skipIf(!folder)("distilled vectors are those of model2vec, signs and weights included", async () => {
  let last = { done: 0, total: 0 };
  const parts = await distill(folder!, {
    ...{ pcaDimensions: 16, quantizeTo: "float32" },
    progress: (progress) => (last = progress),
  });
  expect(parts.rows.length / 16).toBe(golden.count);
  expect(last).toEqual({ done: golden.count, total: golden.count });
  expectSameVectors(parts, golden.plain);
  const tokenizer = await loadTokenizer({ "tokenizer.json": parts.tokenizer });
  expect(golden.tokens.map((token) => tokenizer.tokenToId(token))).toEqual(golden.plain.ids);
  const unknown = tokenizer.tokenToId("[UNK]")!;
  expect(parts.rows.subarray(unknown * 16, unknown * 16 + 16).every((value) => value === 0)).toBe(true);
});

test.skipIf(!folder)("words are added as model2vec adds them, and their vectors are its vectors", async () => {
  const parts = await distill(folder!, { pcaDimensions: 16, quantizeTo: "float32", vocabulary: golden.words });
  const tokenizer = await loadTokenizer({ "tokenizer.json": parts.tokenizer });
  const ids = [...golden.tokens, ...golden.added].map((token) => tokenizer.tokenToId(token));
  expect(ids).toEqual(golden.extended.ids);
  expectSameVectors(parts, golden.extended);
  expect([...tokenizer.encode("a guitarist in New York").ids]).toContain(tokenizer.tokenToId("new york"));
});

test.skipIf(!folder)("without PCA and weights, first-token pooling gives the teacher's own vectors", async () => {
  const parts = await distill(folder!, {
    pcaDimensions: null,
    sifCoefficient: null,
    pooling: "first",
    quantizeTo: "float32",
  });
  expectSameVectors(parts, golden.first);
});

test.skipIf(!folder)("a distilled model embeds at once: near texts are nearer than far ones", async () => {
  const embedder = await loadEmbedder(staticModelFiles(await distill(folder!, { pcaDimensions: 64 })));
  const vectors = await embedder.encode(["a man is playing a guitar", "someone plays guitar", "stock prices fell"]);
  const [, near, far] = embedder.similarity(vectors, vectors).row(0);
  expect(near).toBeGreaterThan(far + 0.2);
});

test("wrong options are refused before a model is opened", async () => {
  await expect(distill("nowhere", { pcaDimensions: 1.5 })).rejects.toThrow(
    "pcaDimensions must be a whole number of at least 1",
  );
  await expect(distill("nowhere", { sifCoefficient: 2 })).rejects.toThrow(
    "sifCoefficient must lie between 0 and 1, got 2.",
  );
  await expect(distill("nowhere", { tokenRemovePattern: "(" })).rejects.toThrow(
    "tokenRemovePattern is no regular expression: (.",
  );
  await expect(distill("nowhere", { pooling: "pooler" as "mean" })).rejects.toThrow(
    'Unknown pooling "pooler". Use one of: mean, first, last.',
  );
});

test.skipIf(!folder)("an aborted distillation rejects with the signal's reason", async () => {
  const reason = new Error("enough");
  await expect(distill(folder!, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
