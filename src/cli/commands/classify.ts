/** `semspace classify …`: a classifier of texts on the vectors of any model. */
import type { Entry } from "../command.ts";

export const commands: Readonly<Record<string, Entry>> = {
  train: { summary: "Learn labels from texts that have them", load: () => import("./classifier-train.ts") },
  predict: { summary: "Say the labels of texts", load: () => import("./classifier-predict.ts") },
  evaluate: {
    summary: "Measure a classifier on texts with labels, or by cross-validation",
    load: () => import("./classifier-evaluate.ts"),
  },
};
