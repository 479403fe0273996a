import { expect, test } from "vitest";
import { evaluateClassification, type LabelledText, readLabelledTexts } from "./classification.ts";
import { embedderOf } from "../../test/embedder-of.ts";

/** Texts "animal 0", "animal 1" …: vectors around their label's direction, of every length. */
function made(count: number): { texts: LabelledText[]; vectors: Record<string, number[]> } {
  const directions: Record<string, number[]> = { animal: [1, 0, 0], stock: [0, 1, 0], plant: [0, 0, 1] };
  const vectors: Record<string, number[]> = {};
  const texts = Array.from({ length: count }, (_, i) => {
    const label = Object.keys(directions)[i % 3];
    vectors[`${label} ${i}`] = directions[label].map((x, j) => (i + 1) * (x + 0.3 * Math.sin(i * 3 + j)));
    return { label, text: `${label} ${i}` };
  });
  return { texts, vectors };
}

test("labels that follow from the direction of the vectors are found", async () => {
  const { texts, vectors } = made(90);
  const result = await evaluateClassification(embedderOf(vectors), {
    train: texts.slice(0, 60),
    test: texts.slice(60),
  });
  expect(result).toMatchObject({ accuracy: 1, macroF1: 1, C: 1, labels: ["animal", "plant", "stock"] });
});

test("of several values for C the best on every tenth training text is used", async () => {
  const { texts, vectors } = made(90);
  const data = { train: texts.slice(0, 60), test: texts.slice(60) };
  const result = await evaluateClassification(embedderOf(vectors), data, { C: [1e-9, 10] });
  expect(result).toMatchObject({ accuracy: 1, C: 10 });
});

test("no test texts, one label only, no value for C, and too few texts to choose one are refused", async () => {
  const { texts, vectors } = made(30);
  const embedder = embedderOf(vectors);
  await expect(evaluateClassification(embedder, { train: texts, test: [] })).rejects.toThrow("There are no test texts");
  const alike = texts.filter(({ label }) => label === "plant");
  await expect(evaluateClassification(embedder, { train: alike, test: texts })).rejects.toThrow(
    "at least 2 different labels, got 1.",
  );
  await expect(evaluateClassification(embedder, { train: texts, test: texts }, { C: [] })).rejects.toThrow(
    "C is empty",
  );
  const few = { train: texts.slice(0, 9), test: texts };
  await expect(evaluateClassification(embedder, few, { C: [1, 10] })).rejects.toThrow("got 9. Pass one C.");
});

test("a labelled text is a line whose label ends at the first space", () => {
  expect(readLabelledTexts("5 How far is it ?\n\n0 Who\r\n")).toEqual([
    { label: "5", text: "How far is it ?" },
    { label: "0", text: "Who" },
  ]);
  expect(() => readLabelledTexts("5 good\n7")).toThrow('Line 2 has no text after its label "7".');
});
