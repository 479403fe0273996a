/** `semspace summarize`: the sentences that stand for a file. */
import type { SummaryOptions } from "../../tasks/index.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelEmbedder, modelFolder, modelOption, tokenizerFolder } from "../model-option.ts";
import { readOneText } from "../one-text.ts";
import { printable } from "../terminal.ts";

export const command: Command = defineCommand({
  name: "summarize",
  summary: "Gives the sentences that stand for a text, in its order.",
  positionals: "FILE",
  description:
    "FILE is text, Markdown, HTML … or - for standard input. Nothing is written anew: the sentences are the text's own.",
  options: {
    model: modelOption,
    sentences: {
      type: "whole",
      short: "n",
      value: "N",
      least: 1,
      describe: "At most N sentences (default 3, without --words and --tokens)",
    },
    words: { type: "whole", value: "N", least: 1, describe: "At most N words in all" },
    tokens: { type: "whole", value: "N", least: 1, describe: "At most N of the model's tokens in all" },
    method: {
      type: "string",
      value: "NAME",
      choices: ["centroid", "textrank", "lexrank"] as const,
      default: "centroid",
      describe: "What makes a sentence central",
    },
    diversity: {
      type: "number",
      value: "X",
      default: 0.3,
      describe: "0 … 1: how unlike each other the sentences should be",
    },
  },
  examples: [
    ["semspace summarize article.md --words 80", "the sentences, a line each"],
    ["semspace summarize article.md --json", '{"text": …, "start": …, "end": …, "score": …} a sentence'],
  ],
  async run({ options, positionals, terminal }) {
    const text = await readOneText("summarize", positionals);
    const { summarize } = await import("../../tasks/index.ts");
    const { sentences, words, tokens, method = "centroid", diversity = 0.3, model } = options;
    const settings: SummaryOptions = {
      ...{ method, diversity },
      ...(sentences !== undefined && { sentences }),
      ...(words !== undefined && { words }),
      ...(tokens !== undefined && { tokens, countTokens: await counter(model) }),
    };
    const embedder = await modelEmbedder(model);
    try {
      const summary = await summarize(text, embedder, settings);
      for (const { text: sentence, start, end, score } of summary.sentences)
        await terminal.write(
          options.json
            ? `${JSON.stringify({ text: sentence, start, end, score })}\n`
            : `${printable(sentence).replace(/\s+/g, " ")}\n`,
        );
    } finally {
      await embedder.dispose();
    }
  },
});

async function counter(model: string | undefined): Promise<(text: string) => number> {
  const { tokenCounter } = await import("../../documents/index.ts");
  const { loadTokenizer } = await import("../../tokenizers/index.ts");
  return tokenCounter(await loadTokenizer(await tokenizerFolder(await modelFolder(model))));
}
