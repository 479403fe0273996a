/** `semspace words classify …`: fastText's classifier of texts. */
import type { Entry } from "../command.ts";

export const commands: Readonly<Record<string, Entry>> = {
  train: { summary: "Learn from lines that begin with their labels", load: () => import("./classify-train.ts") },
  predict: { summary: "Say the labels of texts", load: () => import("./classify-predict.ts") },
  test: { summary: "Measure precision and recall", load: () => import("./classify-test.ts") },
  "test-label": { summary: "Measure each label", load: () => import("./classify-test-label.ts") },
};
