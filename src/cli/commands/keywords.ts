/** `semspace keywords`: the phrases that say what a file is about. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelEmbedder, modelOption } from "../model-option.ts";
import { readOneText } from "../one-text.ts";
import { printable } from "../terminal.ts";

export const command: Command = defineCommand({
  name: "keywords",
  summary: "Finds the words and phrases that say what a text is about.",
  positionals: "FILE",
  description:
    "FILE is text, Markdown, HTML … or - for standard input. Phrases are compared with the whole text, as KeyBERT does.",
  options: {
    model: modelOption,
    top: { type: "whole", short: "k", value: "N", least: 1, default: 5, describe: "How many" },
    ngrams: { type: "string", value: "A-B", default: "1-2", describe: "Fewest and most words of a phrase" },
    selection: {
      type: "string",
      value: "NAME",
      choices: ["similarity", "mmr", "max-sum"] as const,
      default: "mmr",
      describe: "The nearest ones, or such as are unlike each other",
    },
    diversity: { type: "number", value: "X", default: 0.5, describe: "Of mmr: 0 … 1" },
    gaps: { type: "flag", describe: "Join words over stop words and punctuation too, as KeyBERT does" },
    "stop-words": {
      type: "string",
      value: "FILE",
      describe: "Words that are left out, one a line (default: English ones)",
    },
  },
  examples: [
    ["semspace keywords article.md --top 8 --ngrams 1-3", "a phrase a line, the nearest first"],
    ["semspace keywords article.md --json", '{"keyword": …, "score": …} a line'],
  ],
  async run({ options, positionals, terminal }) {
    const ngrams = rangeOf(options.ngrams ?? "1-2");
    const text = await readOneText("keywords", positionals);
    const file = options["stop-words"];
    const stopWords = file === undefined ? "english" : (await readOneText("keywords", [file])).split(/\s+/);
    const { keywords } = await import("../../tasks/index.ts");
    const embedder = await modelEmbedder(options.model);
    try {
      const { top = 5, selection = "mmr", diversity = 0.5, gaps } = options;
      const settings = { top, selection, diversity, ngrams, stopWords, contiguous: !gaps } as const;
      for (const { keyword, score } of await keywords(text, embedder, settings))
        await terminal.write(
          options.json
            ? `${JSON.stringify({ keyword, score })}\n`
            : `${terminal.style.green(score.toFixed(4))}  ${printable(keyword)}\n`,
        );
    } finally {
      await embedder.dispose();
    }
  },
});

function rangeOf(text: string): [number, number] {
  const match = /^([1-9]\d?)(?:-([1-9]\d?))?$/.exec(text);
  if (!match || Number(match[2] ?? match[1]) < Number(match[1]))
    throw new UsageError(`--ngrams must be A-B such as 1-3, got "${text}".`);
  return [Number(match[1]), Number(match[2] ?? match[1])];
}
