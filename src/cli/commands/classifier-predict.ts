/** `semspace classify predict`: the labels of texts, each with its probability. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelEmbedder, modelOption } from "../model-option.ts";
import { printable } from "../terminal.ts";
import { textBatches } from "../texts-of-lines.ts";

export const command: Command = defineCommand({
  name: "classify predict",
  summary: "Says the labels of texts, each with its probability.",
  positionals: "CLASSIFIER [FILE…|-]",
  description: 'A text a line, or JSONL with a "text" key; standard input when no FILE is given.',
  options: {
    model: modelOption,
    top: {
      type: "whole",
      short: "k",
      value: "N",
      least: 1,
      describe: "Labels of a text, the likeliest first (default: 1; of several a text all above the threshold)",
    },
    threshold: { type: "number", value: "P", describe: "Leave out labels below this probability" },
    jsonl: { type: "flag", describe: 'The files are JSONL with a "text" key, whatever their names' },
  },
  examples: [
    ["semspace classify predict reviews.safetensors new.txt", "a line a text"],
    [
      'echo "Best movie ever!" | semspace classify predict reviews.safetensors --top 2 --json',
      '{"index": 0, "labels": [{"label": …, "probability": …}]}',
    ],
  ],
  async run({ options, positionals: [path, ...files], terminal }) {
    if (path === undefined) throw new UsageError("A classifier is needed: semspace classify predict CLASSIFIER FILE.");
    const { loadClassifier } = await import("../../tasks/index.ts");
    const embedder = await modelEmbedder(options.model);
    const { top, threshold } = options;
    const asked = { ...(top !== undefined && { top }), ...(threshold !== undefined && { threshold }) };
    try {
      const classifier = await loadClassifier(path, embedder);
      let index = 0;
      for await (const texts of textBatches(files.length > 0 ? files : ["-"], options)) {
        for (const [i, labels] of (await classifier.predict(texts, asked)).entries()) {
          const shown = labels.map(
            ({ label, probability }) => `${printable(label)} ${terminal.style.green(probability.toFixed(3))}`,
          );
          const line = options.json
            ? JSON.stringify({ index, labels })
            : `${shown.join("  ") || "-"}\t${printable(texts[i])}`;
          await terminal.write(`${line}\n`);
          index += 1;
        }
      }
    } finally {
      await embedder.dispose();
    }
  },
});
