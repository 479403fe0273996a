/** `semspace words neighbors`: the words nearest to one. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { limitOption, openWordVectors, writeNeighbors } from "../word-neighbors.ts";

export const command: Command = defineCommand({
  name: "words neighbors",
  summary: "Finds the words nearest to a word, by cosine.",
  positionals: "FILE WORD",
  description:
    "FILE holds word vectors in any format that is read: word2vec, GloVe, fastText, gensim, npy with a file of words.",
  options: {
    top: { type: "whole", value: "N", least: 1, describe: "How many", default: 10 },
    restrict: { type: "whole", value: "N", least: 1, describe: "Look only among the first N words" },
    limit: limitOption,
  },
  examples: [
    ["semspace words neighbors glove.6B.50d.txt frog", "ten words and their similarities"],
    ["semspace words neighbors vectors.bin.gz frog --limit 200000 --json", '{"word": …, "similarity": …} a line'],
  ],
  async run({ options, positionals: [file, word, ...more], terminal }) {
    if (file === undefined || word === undefined || more.length > 0) {
      throw new UsageError("A file and a word are needed: semspace words neighbors FILE WORD.");
    }
    const vectors = await openWordVectors(file, options.limit);
    const { top = 10, restrict } = options;
    await writeNeighbors(vectors.mostSimilar(word, { top, restrict }), terminal, options.json);
  },
});
