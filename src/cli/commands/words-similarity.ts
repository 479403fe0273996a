/** `semspace words similarity`: the cosine of one word to others. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { limitOption, openWordVectors, writeNeighbors } from "../word-neighbors.ts";

export const command: Command = defineCommand({
  name: "words similarity",
  summary: "Compares a word with others, by cosine.",
  positionals: "FILE A B…",
  options: { limit: limitOption },
  examples: [["semspace words similarity glove.6B.50d.txt king queen banana", "two lines: queen and banana"]],
  async run({ options, positionals: [file, a, ...others], terminal }) {
    if (file === undefined || a === undefined || others.length === 0) {
      throw new UsageError("A file and two words are needed: semspace words similarity FILE A B….");
    }
    const vectors = await openWordVectors(file, options.limit);
    const found = others.map((word) => ({ word, similarity: vectors.similarity(a, word) }));
    await writeNeighbors(found, terminal, options.json);
  },
});
