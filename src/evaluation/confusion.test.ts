import { expect, test } from "vitest";
import golden from "../../test/golden/evaluation.json" with { type: "json" };
import { confusion } from "./confusion.ts";

test("accuracy, macro F1 and the table equal those of scikit-learn", () => {
  const { truth, predicted, ...known } = golden.confusions;
  const ours = confusion(truth, predicted);
  expect(ours.labels).toEqual(known.labels);
  expect(ours.counts).toEqual(known.counts);
  expect(ours.accuracy).toBeCloseTo(known.accuracy, 12);
  expect(ours.macroF1).toBeCloseTo(known.macroF1, 12);
});

test("lists of different length are refused", () => {
  expect(() => confusion(["a"], [])).toThrow("1 true labels need as many predicted ones, got 0.");
});
