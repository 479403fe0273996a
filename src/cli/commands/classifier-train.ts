/** `semspace classify train`: learns labels from texts that have them, and writes one small file. */
import { UsageError } from "../arguments.ts";
import { classifierOptions, showClassifying, trainingOptions } from "../classifier-options.ts";
import { defineCommand, type Command } from "../command.ts";
import { labelledRecords, recordColumns, recordOptions } from "../labelled-records.ts";
import { modelEmbedder, modelOption } from "../model-option.ts";
import { openProgress } from "../progress.ts";

export const command: Command = defineCommand({
  name: "classify train",
  summary: "Learns labels from texts that have them.",
  positionals: "FILE… --output FILE",
  description:
    "JSONL, CSV or TSV with a text and a label a record. The classifier is one small file; it works with the model that it was made with.",
  options: {
    output: { type: "string", short: "o", value: "FILE", describe: "Where the classifier goes (safetensors)" },
    model: modelOption,
    ...classifierOptions,
    ...recordOptions,
  },
  examples: [
    ["semspace classify train reviews.csv --output reviews.safetensors", 'columns "text" and "label"'],
    [
      "semspace classify train posts.jsonl --label-column topics -m models/all-MiniLM-L6-v2 --C auto -o topics.safetensors",
      "lists of labels: several a text",
    ],
  ],
  async run({ options, positionals, terminal }) {
    const { output } = options;
    if (positionals.length === 0 || output === undefined)
      throw new UsageError(
        "Files with texts and labels, and --output FILE, are needed: semspace classify train FILE --output FILE.",
      );
    const settings = trainingOptions(options);
    const { texts, labels } = await labelledRecords(positionals, recordColumns(options));
    const { saveClassifier, trainClassifier } = await import("../../tasks/index.ts");
    const embedder = await modelEmbedder(options.model);
    const progress = await openProgress();
    try {
      const classifier = await trainClassifier(embedder, texts, labels, {
        ...settings,
        onProgress: showClassifying(progress),
      });
      await saveClassifier(classifier, output);
      progress.stop();
      const result = { output, texts: texts.length, labels: classifier.labels.length, kind: classifier.kind };
      if (options.json) await terminal.write(`${JSON.stringify(result)}\n`);
      else terminal.message(`${result.labels} labels learned from ${result.texts} texts, written to ${output}`);
    } finally {
      progress.stop();
      await embedder.dispose();
    }
  },
});
