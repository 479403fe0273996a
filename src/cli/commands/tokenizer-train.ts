/** `semspace tokenizer train`: a corpus → a tokenizer.json. */
import { openSink } from "../sink.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { openProgress } from "../progress.ts";
import { interruptible } from "../training/interruptible.ts";

export const command: Command = defineCommand({
  name: "tokenizer train",
  summary: "Learns a tokenizer from text.",
  positionals: "FILE…",
  description: [
    "Each line of the files (gzipped when they end in .gz, - is standard input) is a text. The result is a tokenizer.json,",
    "which this package, Python's tokenizers and transformers read; the tokens are those that Rust's trainers learn.",
  ].join("\n"),
  options: {
    output: {
      type: "string",
      short: "o",
      value: "FILE",
      describe: "Where the tokenizer.json goes; default: standard output",
    },
    model: {
      type: "string",
      choices: ["wordpiece", "byte-level-bpe", "bpe", "unigram"],
      default: "wordpiece",
      describe: "As BERT, as GPT-2, as SentencePiece",
    },
    "vocabulary-size": {
      type: "whole",
      value: "N",
      least: 1,
      describe: "Tokens in all; default 30000, of unigram 8000",
    },
    "min-frequency": {
      type: "whole",
      value: "N",
      least: 0,
      describe: "Least count of a pair that becomes a token; default 2",
    },
    "special-token": { type: "strings", value: "TOKEN", describe: "In place of the model's own; may be given again" },
    "alphabet-limit": { type: "whole", value: "N", least: 1, describe: "Most distinct characters" },
    "max-token-length": { type: "whole", value: "N", least: 1, describe: "Most characters of a token" },
    cased: { type: "flag", describe: "Keep capitals (wordpiece loses them)" },
    lowercase: { type: "flag", describe: "Lose capitals (of the other models)" },
  },
  examples: [
    ["semspace tokenizer train wiki.txt.gz -o tokenizer.json --vocabulary-size 8000", "as BERT has it"],
    ["semspace tokenizer train book.txt --model byte-level-bpe -o gpt/tokenizer.json", "as GPT-2 has it"],
  ],
  async run({ options, positionals, terminal }) {
    if (positionals.length === 0) throw new UsageError("A file of text is needed: semspace tokenizer train FILE….");
    if (options.cased && options.lowercase) throw new UsageError("--cased and --lowercase are opposites. Use one.");
    const { trainTokenizer } = await import("../../tokenizers/index.ts");
    const special = options["special-token"];
    const settings = {
      model: options.model ?? "wordpiece",
      vocabularySize: options["vocabulary-size"],
      minFrequency: options["min-frequency"],
      specialTokens: special.length > 0 ? special : undefined,
      alphabetLimit: options["alphabet-limit"],
      maxTokenLength: options["max-token-length"],
      lowercase: options.cased ? false : options.lowercase ? true : undefined,
    };
    const progress = await openProgress();
    const train = async (signal: AbortSignal): Promise<void> => {
      const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
      const tokenizer = await trainTokenizer(
        { files: positionals },
        {
          ...given,
          ...{ model: settings.model, signal },
          onProgress: ({ stage, done, total }) => progress.update(stage, done, total),
        },
      );
      progress.stop();
      const sink = await openSink(options.output, false, terminal);
      await sink.write(`${JSON.stringify(tokenizer.json)}\n`);
      await sink.end();
      const report = { output: options.output, model: settings.model, tokens: tokenizer.vocabularySize };
      if (options.output === undefined) return;
      if (options.json) await terminal.write(`${JSON.stringify(report)}\n`);
      else terminal.message(`${options.output}: ${report.tokens.toLocaleString("en")} tokens`);
    };
    return interruptible(train, () => terminal.message("Stopped; nothing was written.")).finally(() => progress.stop());
  },
});
