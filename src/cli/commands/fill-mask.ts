/** `semspace fill-mask`: the likeliest words for the masks of a text. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { dtypeOption } from "../dtype-option.ts";
import { taskModelFolder, taskModelOption } from "../task-model-option.ts";
import { printable } from "../terminal.ts";

export const command: Command = defineCommand({
  name: "fill-mask",
  summary: "Finds the words that fit into the gaps of a text.",
  positionals: "TEXT",
  description: "Each gap is written as the model writes it, [MASK] for BERT and <mask> for RoBERTa.",
  options: {
    model: taskModelOption,
    dtype: dtypeOption,
    top: { type: "whole", short: "k", value: "N", describe: "How many words for each gap", default: 5, least: 1 },
  },
  examples: [
    [
      'semspace fill-mask "Paris is the [MASK] of France." -m models/bert-base-uncased',
      "a line a word: how likely, the word, the text",
    ],
    [
      'semspace fill-mask "[MASK] is in [MASK]." -m models/bert-base-uncased --json',
      '{"mask": 0, "token": …, "id": …, "score": …, "text": …} a line',
    ],
  ],
  async run({ options, positionals: [text, ...more], terminal }) {
    if (text === undefined || more.length > 0)
      throw new UsageError("One text is needed, in quotation marks: semspace fill-mask TEXT.");
    const folder = await taskModelFolder(options.model, "a masked language model such as BERT");
    const { loadMaskedLanguageModel } = await import("../../tasks/index.ts");
    const model = await loadMaskedLanguageModel(folder, { dtype: options.dtype });
    try {
      const masks = await model.fillMasks(text, { topK: options.top ?? 5 });
      for (const [mask, fillings] of masks.entries()) {
        if (mask > 0 && !options.json) await terminal.write("\n");
        for (const { token, id, score, text: filled } of fillings) {
          const line = options.json
            ? JSON.stringify({ mask, token, id, score, text: filled })
            : `${terminal.style.green(score.toFixed(4))}  ${terminal.style.bold(printable(token))}  ${printable(filled)}`;
          await terminal.write(`${line}\n`);
        }
      }
    } finally {
      await model.dispose();
    }
  },
});
