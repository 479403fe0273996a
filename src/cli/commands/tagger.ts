/** `semspace tagger …`: entities of your own kinds. */
import type { Entry } from "../command.ts";

export const commands: Readonly<Record<string, Entry>> = {
  train: { summary: "Learn entities from sentences with labels", load: () => import("./tagger-train.ts") },
  predict: { summary: "Find the entities of texts", load: () => import("./tagger-predict.ts") },
  test: { summary: "Measure precision, recall and F1", load: () => import("./tagger-test.ts") },
};
