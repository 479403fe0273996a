/** `semspace tagger test`: how many entities of labelled sentences are found. */
import { entityScores, type SpanScore } from "../../evaluation/index.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelOption } from "../model-option.ts";
import { openContext, readTaggingExamples } from "../tagging-data.ts";
import { printable } from "../terminal.ts";

export const command: Command = defineCommand({
  name: "tagger test",
  summary: "Measures a tagger on sentences with labels: an entity counts whole or not at all.",
  positionals: "TAGGER FILE",
  options: { model: modelOption },
  examples: [
    [
      "semspace tagger test my.tagger test.conll -m models/all-MiniLM-L6-v2",
      "precision, recall and F1, a line a label",
    ],
  ],
  async run({ options, positionals: [path, file, ...more], terminal }) {
    if (path === undefined || file === undefined || more.length > 0)
      throw new UsageError("A tagger and a file are needed: semspace tagger test TAGGER FILE.");
    const examples = await readTaggingExamples(file);
    const { loadTagger, spansOf } = await import("../../tasks/index.ts");
    const context = await openContext(options.model);
    try {
      const tagger = await loadTagger(path, context);
      const byTokens = examples.filter((one) => "tokens" in one);
      const byText = examples.filter((one) => "text" in one);
      const tags = await tagger.tag(byTokens.map(({ tokens }) => tokens));
      const entities = await tagger.entities(byText.map(({ text }) => text));
      const scores = entityScores(
        [...byTokens.map(({ labels }) => spansOf(labels)), ...byText.map((one) => one.entities)],
        [...tags.map((own) => spansOf(own.map(({ label }) => label))), ...entities],
      );
      if (options.json) return await terminal.write(`${JSON.stringify(scores)}\n`);
      const { byLabel, ...all } = scores;
      const rows: [string, SpanScore][] = [...Object.entries(byLabel), ["all", all]];
      for (const [label, one] of rows) await terminal.write(line(label, one));
    } finally {
      await context.dispose();
    }
  },
});

function line(label: string, { precision, recall, f1, truth }: SpanScore): string {
  const percent = (share: number): string => (100 * share).toFixed(2).padStart(6);
  return `${printable(label).padEnd(16)}  precision ${percent(precision)}  recall ${percent(recall)}  F1 ${percent(f1)}  of ${truth}\n`;
}
