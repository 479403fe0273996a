import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { realModel } from "../../test/real-models.ts";
import {
  type Aggregation,
  type Entity,
  loadCrossEncoder,
  loadMaskedLanguageModel,
  loadSequenceClassifier,
  loadTokenClassifier,
} from "./index.ts";

interface PythonEntity {
  entity?: string;
  entity_group?: string;
  score: number;
  word: string;
  start: number;
  end: number;
  index?: number;
}
interface EntitiesCase {
  text: string;
  aggregation: Aggregation;
  stride?: number;
  maxLength?: number;
  entities: PythonEntity[];
}
interface PythonFilling {
  score: number;
  token: number;
  token_str: string;
  sequence: string;
}
interface FillCase {
  text: string;
  targets?: string[];
  fillings: PythonFilling[] | PythonFilling[][];
}
interface ClassifyCase {
  problem: string | null;
  texts: string[];
  labels: { label: string; score: number }[][];
  pair: [string, string];
  pairLabels: { label: string; score: number }[];
}
const fixtures = join(import.meta.dirname, "../../test/golden/tasks");
const read = (file: string) => JSON.parse(readFileSync(join(fixtures, file), "utf8")) as unknown;
const expected = read("expected.json") as {
  entities: EntitiesCase[];
  classify: ClassifyCase[];
  fill: FillCase[];
  crossEncoder: Record<"scores" | "identity" | "reversed" | "ranked", number[]> & {
    query: string;
    documents: string[];
  };
};
const real = read("real.json") as { entities: EntitiesCase[]; fill: FillCase[] };

/** Python counts characters, JavaScript UTF-16 units. */
function inUnits(text: string, { entity, entity_group, score, word, start, end, index }: PythonEntity): Entity {
  const characters = Array.from(text);
  const units = (count: number) => characters.slice(0, count).join("").length;
  const found = { label: entity ?? entity_group!, score, word, start: units(start), end: units(end) };
  return index === undefined ? found : { ...found, index };
}

function expectEntities(found: Entity[], { text, entities }: EntitiesCase): void {
  const wanted = entities.map((entity) => inUnits(text, entity));
  expect(found.map((entity) => ({ ...entity, score: 0 }))).toEqual(wanted.map((entity) => ({ ...entity, score: 0 })));
  for (const [i, { score }] of wanted.entries()) expect(found[i].score).toBeCloseTo(score, 5);
}

test("entities are those of transformers' pipeline, for every aggregation, in long texts too", async () => {
  const model = await loadTokenClassifier(join(fixtures, "token-classifier"));
  expect(model.labels).toEqual(["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "MISC"]);
  for (const one of expected.entities) {
    const { aggregation, stride } = one;
    const found = await model.entities(one.text, { aggregation, ...(stride === undefined ? {} : { stride }) });
    expectEntities(found, one);
  }
  await model.dispose();
});

const ner = realModel("rampart-ner");
test.skipIf(!ner)("rampart finds the entities that transformers' pipeline finds with it", async () => {
  for (const one of real.entities) {
    const model = await loadTokenClassifier(ner!, one.maxLength === undefined ? {} : { maxLength: one.maxLength });
    const { aggregation, stride } = one;
    expectEntities(await model.entities(one.text, { aggregation, ...(stride === undefined ? {} : { stride }) }), one);
    await model.dispose();
  }
});

test("many texts at once have the entities that they have alone, whatever the batch", async () => {
  const model = await loadTokenClassifier(join(fixtures, "token-classifier"));
  const texts = ["Anna Smith lives in Paris.", "", "the river ".repeat(40), "Acme"];
  const alone = await Promise.all(texts.map((text) => model.entities(text)));
  const together = await model.entities(texts, { batchTokens: 30 });
  expect(together.map((list) => list.map(({ label, start, end }) => [label, start, end]))).toEqual(
    alone.map((list) => list.map(({ label, start, end }) => [label, start, end])),
  );
  expect(together[1]).toEqual([]);
  expect(Math.max(...together[2].map(({ end }) => end))).toBeGreaterThan(350);
  expect(await model.entities([])).toEqual([]);
  await model.dispose();
});

test("what entities cannot do is refused", async () => {
  const model = await loadTokenClassifier(join(fixtures, "token-classifier"));
  await expect(model.entities("a", { aggregation: "last" as "first" })).rejects.toThrow(
    'Unknown aggregation "last". Use one of: none, simple, first, average, max.',
  );
  await expect(model.entities("a", { stride: 34 })).rejects.toThrow(
    "stride 34 must be below the 34 tokens of a window",
  );
  await model.dispose();
  await expect(model.entities("a")).rejects.toMatchObject({ code: "disposed" });
  await expect(loadTokenClassifier(join(fixtures, "masked-language-model"))).rejects.toThrow(
    "A model with a head for token-classification is needed.",
  );
});

async function expectFillings(folder: string, cases: readonly FillCase[]): Promise<void> {
  const model = await loadMaskedLanguageModel(folder);
  for (const { text, targets, fillings } of cases) {
    const lists = (Array.isArray(fillings[0]) ? fillings : [fillings]) as PythonFilling[][];
    const found = await model.fillMasks(text, { topK: lists[0].length, ...(targets && { targets }) });
    expect(found.map((list) => list.map(({ id, token, text: filled }) => [id, token, filled]))).toEqual(
      lists.map((list) => list.map(({ token, token_str, sequence }) => [token, token_str, sequence])),
    );
    for (const [i, list] of lists.entries()) {
      for (const [j, { score }] of list.entries()) expect(found[i][j].score).toBeCloseTo(score, 5);
    }
    if (lists.length === 1 && !targets) expect((await model.fillMask(text, { topK: 3 }))[0].id).toBe(lists[0][0].token);
  }
  await model.dispose();
}

test("masks are filled as transformers' pipeline fills them, several masks and chosen targets too", async () => {
  await expectFillings(join(fixtures, "masked-language-model"), expected.fill);
});

const splade = realModel("bert-tiny-splade");
test.skipIf(!splade)("bert-tiny-splade fills masks as transformers' pipeline does with it", async () => {
  await expectFillings(splade!, real.fill);
});

test("a text without a mask, or with several where one is asked for, is refused", async () => {
  const model = await loadMaskedLanguageModel(join(fixtures, "masked-language-model"));
  expect(model.mask).toBe("[MASK]");
  await expect(model.fillMask("the river")).rejects.toThrow(
    "No [MASK] in the text. Write [MASK] for the word to be found.",
  );
  await expect(model.fillMask("[MASK] [MASK]")).rejects.toThrow(
    "The text has 2 masks, fillMask takes one. Use fillMasks",
  );
  await expect(model.fillMask("[MASK]", { topK: 0 })).rejects.toThrow(
    "topK must be a whole number of at least 1, got 0.",
  );
  await expect(model.fillMask("[MASK]", { targets: [""] })).rejects.toThrow('The target "" has no token.');
  await model.dispose();
});

test("texts and pairs are classified as transformers' pipeline does, for every type of problem", async () => {
  const folder = join(fixtures, "text-classifier");
  const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as object;
  const files = Object.fromEntries(
    ["model.safetensors", "tokenizer.json", "tokenizer_config.json"].map((name) => [
      name,
      readFileSync(join(folder, name)),
    ]),
  );
  for (const { problem, texts, labels, pair, pairLabels } of expected.classify) {
    const json = new TextEncoder().encode(JSON.stringify({ ...config, problem_type: problem }));
    const model = await loadSequenceClassifier({ ...files, "config.json": json });
    expect(model.labels).toEqual(["negative", "neutral", "positive"]);
    const found = [...(await model.classify(texts)), ...(await model.classify([pair]))];
    const wanted = [...labels, pairLabels.toSorted((a, b) => b.score - a.score)];
    expect(found.map((list) => list.map(({ label }) => label))).toEqual(
      wanted.map((list) => list.map(({ label }) => label)),
    );
    for (const [i, list] of wanted.entries()) {
      for (const [j, { score }] of list.entries()) expect(found[i][j].score).toBeCloseTo(score, 5);
    }
    expect(await model.classify(texts[0], { topK: 1 })).toHaveLength(1);
    expect(
      (await model.classify(texts[0], { scoring: "softmax" })).reduce((sum, { score }) => sum + score, 0),
    ).toBeCloseTo(1);
    expect(await model.classify([])).toEqual([]);
    await model.dispose();
  }
});

test("a cross-encoder scores and ranks as sentence-transformers does, long pairs cut at their longer text", async () => {
  const { query, documents, scores, identity, reversed, ranked } = expected.crossEncoder;
  const model = await loadCrossEncoder(join(fixtures, "cross-encoder"));
  const close = (found: Float32Array, wanted: number[]) => {
    expect(found).toHaveLength(wanted.length);
    for (const [i, score] of wanted.entries()) expect(found[i]).toBeCloseTo(score, 5);
  };
  close(await model.predict(documents.map((document) => [query, document])), scores);
  close(await model.predict(documents.map((document) => [document, query])), reversed);
  close(
    await model.predict(
      documents.map((document) => [query, document]),
      { activation: "identity" },
    ),
    identity,
  );
  const found = await model.rerank(query, documents, { batchTokens: 40 });
  expect(found.map(({ index }) => index)).toEqual(ranked);
  expect(found[0]).toMatchObject({ document: documents[ranked[0]] });
  expect(await model.rerank(query, documents, { topK: 2 })).toHaveLength(2);
  expect(await model.rerank(query, [])).toEqual([]);
  await model.dispose();
  const classifier = await loadCrossEncoder(join(fixtures, "text-classifier"));
  expect(await classifier.predict([["a", "b"]])).toHaveLength(3);
  await expect(classifier.rerank("a", ["b"])).rejects.toThrow(
    "has 3 labels, rerank needs a model of one. Use predict.",
  );
  await classifier.dispose();
});
