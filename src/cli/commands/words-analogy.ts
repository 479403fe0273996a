/** `semspace words analogy`: A is to B as C is to … */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { limitOption, openWordVectors, writeNeighbors } from "../word-neighbors.ts";

export const command: Command = defineCommand({
  name: "words analogy",
  summary: "Finds the words D so that A is to B as C is to D.",
  positionals: "FILE A B C",
  options: {
    top: { type: "whole", value: "N", least: 1, describe: "How many", default: 10 },
    method: {
      type: "string",
      value: "NAME",
      choices: ["add", "mul"] as const,
      describe: "3CosAdd (nearest to B - A + C) or 3CosMul",
      default: "add",
    },
    restrict: { type: "whole", value: "N", least: 1, describe: "Look only among the first N words" },
    limit: limitOption,
  },
  examples: [["semspace words analogy glove.6B.50d.txt man king woman --top 1", "queen"]],
  async run({ options, positionals, terminal }) {
    const [file, a, b, c] = positionals;
    if (positionals.length !== 4) {
      throw new UsageError("A file and three words are needed: semspace words analogy FILE A B C.");
    }
    const vectors = await openWordVectors(file, options.limit);
    const { top = 10, restrict } = options;
    const query = { positive: [b, c], negative: [a] };
    const found =
      options.method === "mul"
        ? vectors.mostSimilarCosmul(query, { top, restrict })
        : vectors.mostSimilar(query, { top, restrict });
    await writeNeighbors(found, terminal, options.json);
  },
});
