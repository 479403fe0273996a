/** `semspace deduplicate`: texts without those that say nearly the same as one before, in one pass. */
import { SemspaceError } from "../../errors.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { dtypeOption } from "../dtype-option.ts";
import { isStatic, modelEmbedder, modelOption } from "../model-option.ts";
import { openProgress } from "../progress.ts";
import { openSink } from "../sink.ts";
import { recordBatches, type TextRecord } from "../texts-of-lines.ts";

const options = {
  threshold: {
    type: "number",
    short: "t",
    value: "C",
    least: 0.7,
    default: 0.95,
    describe: "Cosine from which on two texts say the same, 0.7 … 1",
  },
  model: modelOption,
  dtype: dtypeOption,
  output: { type: "string", short: "o", value: "FILE", describe: "Write to a file, which is complete or not there" },
  jsonl: { type: "flag", describe: 'Every input is JSONL with a "text" key, whatever its name' },
  duplicates: { type: "flag", describe: "Write what is removed, each with the number of the line that it repeats" },
  threads: { type: "whole", value: "N", least: 1, describe: "Cores to embed on (default: all)" },
} as const;

export const command: Command = defineCommand({
  name: "deduplicate",
  summary: "Removes texts that say nearly the same as one before them.",
  positionals: "[FILE…|-]",
  description: [
    "A text a line; the first of near-duplicates is kept, lines come out as they are and in their order. Reads standard input when no FILE",
    "is given. A million short texts take 1.1 GB with the model that the package ships.",
    "--json: {index, text, duplicateOf, similarity} a text, index and duplicateOf from 0; duplicateOf is null for what is kept.",
  ].join("\n"),
  options,
  examples: [
    ["semspace deduplicate sentences.txt > clean.txt", "at a cosine of 0.95"],
    ["semspace deduplicate corpus.jsonl --threshold 0.9 --output clean.jsonl", "whole lines of JSONL are kept"],
    ["semspace deduplicate sentences.txt --duplicates", "what goes: line, the line before it, cosine, text"],
  ],
  async run({ options, positionals, terminal }) {
    const { threshold = 0.95, duplicates: removed, json, output } = options;
    if (threshold > 1) throw new UsageError(`--threshold is a cosine of at most 1, got ${threshold}.`);
    if (removed && json) throw new UsageError("--json says of every text what becomes of it; leave --duplicates out.");
    const sources = positionals.length > 0 ? positionals : ["-"];
    if (sources.includes("-") && process.stdin.isTTY)
      terminal.message("Reading texts from the terminal, one a line; Ctrl-D ends.");
    const { availableThreads } = await import("#platform");
    const threads = options.threads ?? ((await isStatic(options.model)) ? availableThreads() : undefined);
    const embedder = await modelEmbedder(options.model, { threads, dtype: options.dtype });
    const sink = await openSink(output, false, terminal);
    const progress = await openProgress();
    const { deduplicateStream } = await import("../../tasks/pairs/index.ts");
    const waiting: TextRecord[] = [];
    const counts = { kept: 0, texts: 0 };
    try {
      const onProgress = (done: number): void => progress.update("texts compared", done, 0);
      const texts = textsOf(recordBatches(sources, options), waiting);
      for await (const verdicts of deduplicateStream(texts, embedder, { threshold, onProgress })) {
        const lines: string[] = [];
        for (const { index, text, duplicate } of verdicts) {
          const record = waiting.shift();
          if (!record) throw new SemspaceError("invalid-file", "The texts changed while they were read.");
          counts.texts += 1;
          if (!duplicate) counts.kept += 1;
          const { of = null, similarity = null } = duplicate ?? {};
          if (json) lines.push(JSON.stringify({ index, text, duplicateOf: of, similarity }));
          else if (removed && duplicate)
            lines.push(`${index + 1}\t${duplicate.of + 1}\t${duplicate.similarity.toFixed(4)}\t${text}`);
          else if (!removed && !duplicate) lines.push(record.line);
        }
        if (lines.length > 0) await sink.write(`${lines.join("\n")}\n`);
      }
      await sink.end();
    } catch (error) {
      await sink.discard();
      throw error;
    } finally {
      progress.stop();
      await embedder.dispose();
    }
    if (!json) terminal.message(`${counts.kept} of ${counts.texts} texts kept`);
  },
});

async function* textsOf(batches: AsyncIterable<readonly TextRecord[]>, waiting: TextRecord[]): AsyncGenerator<string> {
  for await (const batch of batches) {
    for (const record of batch) {
      waiting.push(record);
      yield record.text;
    }
  }
}
