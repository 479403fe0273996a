/** `semspace words …`: the commands about word vectors. */
import type { Entry } from "../command.ts";

export const commands: Readonly<Record<string, Entry>> = {
  neighbors: { summary: "Find the words nearest to a word", load: () => import("./words-neighbors.ts") },
  analogy: { summary: "Find D so that A is to B as C is to D", load: () => import("./words-analogy.ts") },
  similarity: { summary: "Compare two words", load: () => import("./words-similarity.ts") },
  evaluate: {
    summary: "Measure word vectors by analogies and similarities",
    load: () => import("./words-evaluate.ts"),
  },
  convert: { summary: "Write word vectors in another format", load: () => import("./words-convert.ts") },
  train: { summary: "Learn word vectors from text", load: () => import("./words-train.ts") },
  classify: { summary: "Train and use fastText's classifier of texts", load: () => import("./words-classify.ts") },
  quantize: { summary: "Make a fastText model small", load: () => import("./words-quantize.ts") },
};
