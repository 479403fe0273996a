/** `semspace similarity`: one text against others, by the model's own measure. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { dtypeOption } from "../dtype-option.ts";
import { modelEmbedder, modelOption } from "../model-option.ts";
import { printable } from "../terminal.ts";

export const command: Command = defineCommand({
  name: "similarity",
  summary: "Compares one text with others.",
  positionals: "A B…",
  description:
    "Shows how near each B is to A by the model's own measure, cosine for most: 1 is the same direction, 0 is unrelated.",
  options: { model: modelOption, dtype: dtypeOption },
  examples: [
    ["semspace similarity king queen banana", "two numbers: king and queen, king and banana"],
    ['semspace similarity "How old are you?" "What is your age?" --json', '{"a": …, "b": …, "similarity": …}'],
  ],
  async run({ options, positionals: [a, ...others], terminal }) {
    if (a === undefined || others.length === 0) throw new UsageError("Two texts are needed: semspace similarity A B….");
    const embedder = await modelEmbedder(options.model, { dtype: options.dtype });
    const vectors = await embedder.encode([a, ...others]);
    const scores = embedder.similarity(vectors.row(0), vectors).data.subarray(1);
    await embedder.dispose();
    if (options.json) {
      for (const [i, b] of others.entries())
        await terminal.write(`${JSON.stringify({ a, b, similarity: scores[i] })}\n`);
      return;
    }
    const { bold, green } = terminal.style;
    await terminal.write(`${bold(printable(a))}\n`);
    for (const [i, b] of others.entries())
      await terminal.write(`  ${green(scores[i].toFixed(4).padStart(7))}  ${printable(b)}\n`);
  },
});
