import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import golden from "../../../test/golden/context.json" with { type: "json" };
import { realModel } from "../../../test/real-models.ts";
import { type ContextualEmbedder, loadContextualEmbedder, spanVector } from "../index.ts";

const folder = join(import.meta.dirname, "../../../test/golden/tasks/token-classifier");
let model: ContextualEmbedder;
beforeAll(async () => {
  model = await loadContextualEmbedder(folder, { layers: [0, 1, 2], attentions: [0, 1] });
});
afterAll(() => model.dispose());

function expectNear(found: ArrayLike<number>, wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  const largest = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i])), 0);
  expect(largest).toBeLessThan(2e-5);
}

/** Python counts characters, JavaScript UTF-16 units. */
function inUnits(text: string, offsets: readonly number[][]): number[] {
  const characters = Array.from(text);
  return offsets.flat().map((count) => characters.slice(0, count).join("").length);
}

test("tokens, offsets, hidden states of every layer and word vectors are those of transformers, in a batch too", async () => {
  const texts = golden.cases.map(({ text }) => text);
  for (const layer of [undefined, 0, 1, 2]) {
    const found = await model.contextualize(texts, { layer, batchTokens: 16 });
    for (const [i, { text, tokens, offsets, layers, words }] of golden.cases.entries()) {
      expect(found[i].tokens).toEqual(tokens);
      expect([...found[i].offsets]).toEqual(inUnits(text, offsets));
      expectNear(found[i].vectors.data, layers[layer ?? 2].flat());
      if (layer === undefined) expectNear(found[i].wordVectors.data, words.flat());
    }
  }
});

test("words are whole and stand where they say", async () => {
  const { text, words } = await model.contextualize("The 😀 banking, Anna");
  expect(words.map(({ word }) => word)).toEqual(["The", "😀", "banking", ",", "Anna"]);
  for (const { word, start, end } of words) expect(text.slice(start, end)).toBe(word);
});

test("attention is that of transformers, of one head and as the mean of all", async () => {
  for (const { text, tokens, attentions } of golden.cases) {
    for (const [layer, heads] of attentions.entries()) {
      const one = await model.attentions(text, { layer, head: 1 });
      expect(one).toMatchObject({ tokens, heads: heads.length });
      expectNear(one.weights.data, heads[1].flat());
      const { weights } = await model.attentions(text, { layer });
      const [first, second] = heads.map((head) => head.flat());
      expectNear(
        weights.data,
        first.map((value, i) => (value + second[i]) / 2),
      );
    }
  }
});

test("a word is found whatever its case, in every place, and not inside longer words", async () => {
  const texts = ["Bank, bank!", "bankers embank banks", "", "the river_bank", "bank's"];
  const { uses, vectors, similarities, missing } = await model.wordInContext(texts, " bank ");
  expect(uses.map(({ text, start, end }) => [text, start, end])).toEqual([
    [0, 0, 4],
    [0, 6, 10],
    [4, 0, 4],
  ]);
  expect(missing).toEqual([1, 2, 3]);
  expect([vectors.rows, similarities.rows, similarities.columns]).toEqual([3, 3, 3]);
  expect(similarities.row(1)[1]).toBeCloseTo(1, 6);
  expect(similarities.row(0)[1]).toBeLessThan(1);
});

test("a phrase and signs of patterns are words too, and scripts without spaces have no borders", async () => {
  const at = async (text: string, word: string) =>
    (await model.wordInContext([text], word)).uses.map(({ start, end }) => text.slice(start, end));
  expect(await at("the river of money", "River of")).toEqual(["river of"]);
  expect(await at("is it a.b or axb?", "a.b")).toEqual(["a.b"]);
  expect(await at("我在河边的银行取钱", "银行")).toEqual(["银行"]);
  expect(await at("去bank取钱", "bank")).toEqual(["bank"]);
});

test("a long text is read in windows, and no token is lost or doubled", async () => {
  const text = "anna reads the book of the river in paris . ".repeat(9);
  const whole = await model.contextualize(text);
  const short = await loadContextualEmbedder(folder, { maxLength: 40 });
  const cut = await short.contextualize(text);
  await short.dispose();
  expect(cut.tokens).toEqual(whole.tokens);
  expect(cut.offsets).toEqual(whole.offsets);
  expect(cut.words).toEqual(whole.words);
  expect(cut.vectors.rows).toBe(whole.vectors.rows);
});

test("senses are grouped by number, by threshold, or as fits best, the largest first", async () => {
  const texts = ["anna reads", "the river bank", "a bank", "the bank of money", "bank"];
  const two = await model.senses(texts, "bank", { k: 2, words: 3 });
  expect(two.senses.map(({ uses }) => uses.length).reduce((sum, count) => sum + count)).toBe(4);
  expect(two.senses).toHaveLength(2);
  expect(two.senses[0].uses.length).toBeGreaterThanOrEqual(two.senses[1].uses.length);
  for (const [label, { uses, sentences, typicality }] of two.senses.entries()) {
    expect(sentences).toEqual(uses.map((use) => texts[two.uses[use].text]));
    expect([...typicality]).toEqual([...typicality].toSorted((a, b) => b - a));
    for (const use of uses) expect(two.labels[use]).toBe(label);
  }
  expect((await model.senses(texts, "bank", { threshold: -1 })).senses).toHaveLength(1);
  expect((await model.senses(texts, "bank", { threshold: 1 })).senses).toHaveLength(4);
  expect((await model.senses(texts, "money")).senses).toHaveLength(1);
  expect((await model.senses(texts, "fish")).senses).toEqual([]);
});

test("a static model gives a word one vector, and so one sense", async () => {
  const shipped = await loadContextualEmbedder();
  const texts = ["He sat by the bank of the river.", "She deposited money in the bank.", "The bank of the stream."];
  const { similarities, senses, silhouette } = await shipped.senses(texts, "bank");
  for (const value of similarities.data) expect(value).toBeCloseTo(1, 6);
  expect([senses.length, silhouette]).toEqual([1, 0]);
  expect(shipped.kind).toBe("static");
  await expect(loadContextualEmbedder(undefined, { layers: [1] })).rejects.toThrow(/static model.*no layer 1/);
  await expect(shipped.attentions("bank", { layer: 0 })).rejects.toThrow(/static model/);
  await shipped.dispose();
});

test("what cannot be is refused with what can", async () => {
  await expect(loadContextualEmbedder(folder, { layers: [3] })).rejects.toThrow(/layer 3.*0 to 2/);
  await expect(loadContextualEmbedder(folder, { attentions: [2] })).rejects.toThrow(/layer 2.*0 to 1/);
  await expect(loadContextualEmbedder(folder, { layers: [-1] })).rejects.toThrow(/layers must be a whole number/);
  const none = await loadContextualEmbedder(folder);
  await expect(none.contextualize("a", { layer: 1 })).rejects.toThrow(/layers: none\. Load it with layers: \[1\]/);
  await expect(none.attentions("a", { layer: 1 })).rejects.toThrow(/Load it with attentions: \[1\]/);
  await none.dispose();
  await expect(model.attentions("a", { layer: 0, head: 2 })).rejects.toThrow(/no head 2\. Heads are 0 to 1/);
  await expect(model.wordInContext(["a"], " ")).rejects.toThrow(/A word is needed, got " "/);
  await expect(model.senses(["bank"], "bank", { k: 2 })).rejects.toThrow(
    /2 senses need as many uses, the texts have 1/,
  );
  await expect(model.senses(["bank"], "bank", { k: 1, threshold: 0 })).rejects.toThrow(/either k or threshold/);
  await expect(model.senses(["bank"], "bank", { threshold: 2 })).rejects.toThrow(/threshold is a cosine/);
  await expect(model.wordInContext(["bank ".repeat(5001)], "bank")).rejects.toThrow(/At most 5000 uses/);
  await expect(model.contextualize([1 as unknown as string])).rejects.toThrow(/Text 0 must be a string, got 1/);
});

describe("the article's bank", () => {
  const miniLm = realModel("all-MiniLM-L6-v2");
  test.skipIf(!miniLm)("by the river and with money, by all-MiniLM-L6-v2", async () => {
    const real = await loadContextualEmbedder(miniLm);
    const texts = [
      "He sat by the bank of the river.",
      "She deposited money in the bank.",
      "We fished from the bank of the stream.",
      "The bank lent him money for a house.",
      "Reeds grow on the muddy bank.",
      "My bank charges fees for every account.",
    ];
    const { labels } = await real.senses(texts, "bank");
    expect(new Set([labels[0], labels[2], labels[4]]).size).toBe(1);
    expect(new Set([labels[1], labels[3], labels[5]]).size).toBe(1);
    expect(labels[0]).not.toBe(labels[1]);
    await real.dispose();
  });

  const chinese = realModel("bge-small-zh-v15-onnx");
  test.skipIf(!chinese)(
    "河边的银行 and 银行账户, by bge-small-zh, whose export gives the last layer only",
    async () => {
      const real = await loadContextualEmbedder(chinese);
      const texts = await real.contextualize(["河边的银行", "银行账户"]);
      const [river, account] = [spanVector(texts[0], { start: 3, end: 5 }), spanVector(texts[1], { start: 0, end: 2 })];
      const { uses, vectors, similarities } = await real.wordInContext(["河边的银行", "银行账户"], "银行");
      expect(uses.map(({ tokens }) => tokens)).toEqual([
        ["银", "行"],
        ["银", "行"],
      ]);
      expect([...vectors.data]).toEqual([...river!, ...account!]);
      expect(similarities.row(0)[1]).toBeLessThan(0.9);
      await real.dispose();
      await expect(loadContextualEmbedder(chinese, { layers: [2] })).rejects.toThrow(
        /ready ONNX file, which gives last_hidden_state and not hidden_states\.2/,
      );
    },
  );
});
