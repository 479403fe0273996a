/** `semspace tagger train`: examples with labels → a tagger's file. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelOption } from "../model-option.ts";
import { openProgress } from "../progress.ts";
import { openContext, readTaggingExamples } from "../tagging-data.ts";

export const command: Command = defineCommand({
  name: "tagger train",
  summary: "Learns to find entities of your own kinds, on the vectors of words in context.",
  positionals: "",
  description:
    'Examples are CoNLL\'s columns (a token a line, its label last: O, B-NAME, I-NAME; a blank line between sentences), or JSONL {"text": …, "entities": [{"label", "start", "end"}]}.\nA transformer as --model sees a word in its sentence; the model that the package ships sees it alone, and finds much less.',
  options: {
    input: { type: "string", short: "i", value: "FILE", describe: "The examples" },
    output: { type: "string", short: "o", value: "FILE", describe: "The tagger, a small safetensors file" },
    model: modelOption,
    layer: { type: "whole", value: "N", describe: "Hidden states after block N (default: the last)" },
    c: { type: "number", value: "X", default: 1, describe: "Larger fits the examples more closely" },
    "max-iterations": { type: "whole", value: "N", least: 1, default: 200, describe: "Of L-BFGS" },
  },
  examples: [
    ["semspace tagger train -i train.conll -m models/all-MiniLM-L6-v2 -o my.tagger", "a tagger of about 50 kB"],
  ],
  async run({ options, positionals, terminal }) {
    const { input, output, layer } = options;
    if (positionals.length > 0 || input === undefined || output === undefined)
      throw new UsageError("--input FILE and --output FILE are needed: semspace tagger train -i FILE -o FILE.");
    const examples = await readTaggingExamples(input);
    const { saveTagger, trainTagger } = await import("../../tasks/index.ts");
    const context = await openContext(options.model, layer);
    const progress = await openProgress();
    try {
      const tagger = await trainTagger(context, examples, {
        ...{ C: options.c ?? 1, maxIterations: options["max-iterations"] ?? 200 },
        ...(layer !== undefined && { layer }),
        onProgress: ({ stage, done, total }) => progress.update(stage, done, total),
      });
      progress.stop();
      await saveTagger(tagger, output);
      const report = { output, examples: examples.length, labels: tagger.labels };
      if (options.json) await terminal.write(`${JSON.stringify(report)}\n`);
      else terminal.message(`${output}: ${tagger.labels.join(", ")}, learned from ${examples.length} examples`);
    } finally {
      progress.stop();
      await context.dispose();
    }
  },
});
