import { expect, test } from "vitest";
import { labelsOf } from "./labels.ts";

const read = (json: Record<string, unknown>) => labelsOf({ json, source: "config.json" });

test("labels have the names of id2label, else those that transformers gives them", () => {
  expect(read({ id2label: { "1": "B", "0": "A" } })).toEqual(["A", "B"]);
  expect(read({ num_labels: 3 })).toEqual(["LABEL_0", "LABEL_1", "LABEL_2"]);
  expect(read({})).toEqual(["LABEL_0", "LABEL_1"]);
});

test.each([
  [{ id2label: { "0": "A", "2": "B" } }, 'id2label must name the labels 0, 1, 2 … by strings, got {"2":"B"}'],
  [{ id2label: { "0": 7 } }, 'got {"0":7}'],
  [{ id2label: {} }, "got {}"],
  [{ id2label: "A" }, 'got "A"'],
  [{ num_labels: -1 }, "num_labels must be a whole number from 1"],
  [{ num_labels: 1e12 }, "num_labels must be a whole number from 1 to 1000000"],
])("%j is refused", (json, message) => {
  expect(() => read(json)).toThrow(message);
});
