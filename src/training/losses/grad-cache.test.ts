import { expect, test } from "vitest";
import { Matrix } from "../../matrix/index.ts";
import type { Learner } from "../learner.ts";
import { gradCache } from "./grad-cache.ts";
import { losses } from "./index.ts";

/** A learner whose vector of a text is a row of its one parameter, chosen by the text's length. */
function tableLearner(groups: number[]): Learner {
  const value = Float32Array.from({ length: 20 * 4 }, (_, i) => Math.sin(i * 1.7));
  let ids: number[] = [];
  return {
    name: "table",
    dimensions: 4,
    parameters: [{ name: "table", value, shape: [20, 4], decay: true }],
    async encode(texts) {
      groups.push(texts.length);
      ids = texts.map(({ length }) => length);
      return Matrix.fromRows(ids.map((id) => value.slice(id * 4, id * 4 + 4)));
    },
    async backward(upstream) {
      const dense = new Float32Array(value.length);
      for (const [i, id] of ids.entries()) for (let k = 0; k < 4; k += 1) dense[id * 4 + k] += upstream.row(i)[k];
      return [{ parameter: "table", dense }];
    },
    embedder: () => {
      throw new Error("not asked for");
    },
    save: async () => undefined,
    dispose: async () => undefined,
  };
}

test("a batch in small groups has the loss and the gradients of the whole batch", async () => {
  const texts = Array.from({ length: 18 }, (_, i) => "x".repeat((i * 7) % 20));
  const results = [];
  const groups: number[] = [];
  for (const learner of [tableLearner([]), gradCache(tableLearner(groups), { size: 5 })]) {
    const vectors = await learner.encode(texts);
    const half = vectors.data.length / 2;
    const columns = [new Matrix(vectors.data.slice(0, half), 9, 4), new Matrix(vectors.data.slice(half), 9, 4)];
    const { value, gradients } = losses.multipleNegativesRanking().evaluate(columns);
    const upstream = Matrix.zeros(18, 4);
    for (const [c, { data }] of gradients.entries()) upstream.data.set(data, c * half);
    const [gradient] = await learner.backward(upstream);
    results.push({ value, dense: gradient.dense! });
  }
  const [whole, cached] = results;
  expect(cached.value).toBe(whole.value);
  for (const [i, each] of whole.dense.entries()) expect(cached.dense[i]).toBeCloseTo(each, 6);
  expect(groups).toEqual([5, 5, 5, 3, 5, 5, 5, 3]);
});

test("a group of no texts is refused", () => {
  expect(() => gradCache(tableLearner([]), { size: 0 })).toThrow("size must be a whole number of at least 1, got 0.");
});
