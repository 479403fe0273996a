/** `semspace words classify predict` and `test`: labels of each line, and how many are right. */
import { type FastTextModel, loadFastText, type PredictOptions } from "../../words/index.ts";
import { UsageError } from "../arguments.ts";
import { lineBatches } from "../lines.ts";
import { printable, type Terminal } from "../terminal.ts";

export interface Asked {
  model: string;
  files: readonly string[];
  top: number | undefined;
  threshold: number | undefined;
  json: boolean;
}

/** A line for each line: `{"labels": [{"label", "probability"}]}`, or labels and probabilities with spaces between. */
export async function predictLabels({ model: path, files, json, ...asked }: Asked, terminal: Terminal): Promise<void> {
  const model = await loadFastText(path);
  const options = predictOptions(asked);
  for await (const lines of lineBatches(files.length > 0 ? files : ["-"])) {
    const rows = lines.map((line) => {
      const labels = model.predict(line, options);
      if (json) return JSON.stringify({ labels });
      return labels.map(({ label, probability }) => `${printable(label)} ${probability.toFixed(6)}`).join(" ");
    });
    await terminal.write(`${rows.join("\n")}\n`);
  }
}

/** Lines without a label that the model knows are passed over, as fastText's `test` does. */
export async function testLabels({ model: path, files, json, ...asked }: Asked, terminal: Terminal): Promise<void> {
  if (files.length === 0)
    throw new UsageError("Testing needs a FILE of labelled lines: semspace words classify test MODEL FILE.");
  const model = await loadFastText(path);
  const found = { texts: 0, predicted: 0, labels: 0, right: 0 };
  for await (const lines of lineBatches(files))
    for (const line of lines) count(found, line, { model, options: predictOptions(asked) });
  const { texts, predicted, labels, right } = found;
  const precision = predicted > 0 ? right / predicted : 0;
  const recall = labels > 0 ? right / labels : 0;
  const top = asked.top ?? 1;
  if (json) await terminal.write(`${JSON.stringify({ texts, top, precision, recall })}\n`);
  else
    await terminal.write(
      `texts        ${texts}\nprecision@${top}  ${precision.toFixed(4)}\nrecall@${top}     ${recall.toFixed(4)}\n`,
    );
}

interface Counts {
  texts: number;
  predicted: number;
  labels: number;
  right: number;
}

function count(
  counts: Counts,
  line: string,
  { model, options }: { model: FastTextModel; options: PredictOptions },
): void {
  const right = new Set(model.labelsOf(line));
  if (right.size === 0) return;
  const predicted = model.predict(line, options);
  counts.texts += 1;
  counts.predicted += predicted.length;
  counts.labels += right.size;
  for (const { label } of predicted) counts.right += Number(right.has(label));
}

function predictOptions({ top, threshold }: Pick<Asked, "top" | "threshold">): PredictOptions {
  return { ...(top !== undefined && { top }), ...(threshold !== undefined && { threshold }) };
}
