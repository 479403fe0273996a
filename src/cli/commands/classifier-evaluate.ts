/** `semspace classify evaluate`: how good is a classifier on texts that it has not seen? */
import type { ClassifierQuality } from "../../tasks/index.ts";
import { UsageError } from "../arguments.ts";
import { classifierOptions, showClassifying, trainingOptions } from "../classifier-options.ts";
import { defineCommand, type Command } from "../command.ts";
import { labelledRecords, recordColumns, recordOptions } from "../labelled-records.ts";
import { modelEmbedder, modelOption } from "../model-option.ts";
import { openProgress } from "../progress.ts";
import { printable, type Terminal } from "../terminal.ts";

export const command: Command = defineCommand({
  name: "classify evaluate",
  summary: "Measures a classifier on texts with labels, or by cross-validation.",
  positionals: "FILE…",
  description:
    "With --classifier that classifier is asked; without it the texts are learned and measured in parts that change places, with the options of classify train.",
  options: {
    classifier: { type: "string", value: "FILE", describe: "Measure this one on the texts" },
    model: modelOption,
    ...classifierOptions,
    ...recordOptions,
  },
  examples: [
    ["semspace classify evaluate reviews.csv", "accuracy in cross-validation"],
    ["semspace classify evaluate test.csv --classifier reviews.safetensors --json", '{"accuracy": …, "macroF1": …, …}'],
  ],
  async run({ options, positionals, terminal }) {
    if (positionals.length === 0)
      throw new UsageError("A file with texts and labels is needed: semspace classify evaluate FILE.");
    const settings = trainingOptions(options);
    const { texts, labels } = await labelledRecords(positionals, recordColumns(options));
    const { classifierQuality, crossValidateClassifier, loadClassifier } = await import("../../tasks/index.ts");
    const embedder = await modelEmbedder(options.model);
    const progress = await openProgress();
    try {
      if (options.classifier === undefined) {
        const found = await crossValidateClassifier(embedder, texts, labels, {
          ...settings,
          onProgress: showClassifying(progress),
        });
        progress.stop();
        await show(found, { texts: texts.length, terminal, json: options.json });
        return;
      }
      const classifier = await loadClassifier(options.classifier, embedder);
      const vectors = await embedder.encode(texts, { normalize: true });
      const found = classifierQuality(classifier.probabilities(vectors), labels, classifier);
      await show(found, { texts: texts.length, terminal, json: options.json });
    } finally {
      progress.stop();
      await embedder.dispose();
    }
  },
});

async function show(
  { accuracy, macroF1, logLoss, calibrationError, confusion }: ClassifierQuality,
  { texts, terminal, json }: { texts: number; terminal: Terminal; json: boolean },
): Promise<void> {
  if (json) {
    await terminal.write(`${JSON.stringify({ texts, accuracy, macroF1, logLoss, calibrationError, confusion })}\n`);
    return;
  }
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const lines = [
    `accuracy ${percent(accuracy)}  macro F1 ${percent(macroF1)}  of ${texts} texts`,
    `log loss ${logLoss.toFixed(3)}  calibration error ${percent(calibrationError)}`,
  ];
  if (confusion && confusion.labels.length <= 12) {
    const width = Math.max(...confusion.labels.map((label) => label.length), 5);
    for (const [i, row] of confusion.counts.entries())
      lines.push(`${printable(confusion.labels[i]).padEnd(width)} ${row.map((n) => String(n).padStart(6)).join("")}`);
  }
  await terminal.write(`${lines.join("\n")}\n`);
}
