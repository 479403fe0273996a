/** `semspace generate`: a language model writes a text on. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { dtypeOption } from "../dtype-option.ts";
import { taskModelFolder, taskModelOption } from "../task-model-option.ts";

export const command: Command = defineCommand({
  name: "generate",
  summary: "Writes a text on with a language model.",
  positionals: "PROMPT",
  description:
    "The likeliest token follows each time; with --temperature, --top-k or --top-p tokens are drawn, the same ones for the same --seed. The text appears as it is written.",
  options: {
    model: taskModelOption,
    dtype: dtypeOption,
    "max-tokens": {
      type: "whole",
      short: "n",
      value: "N",
      describe: "Most tokens that are added",
      default: 64,
      least: 1,
    },
    temperature: {
      type: "number",
      value: "T",
      describe: "Below 1 the likely becomes likelier; 0 always takes the likeliest",
    },
    "top-k": { type: "whole", value: "K", describe: "Draw only among the K likeliest tokens", least: 1 },
    "top-p": {
      type: "number",
      value: "P",
      describe: "Draw only among the likeliest tokens that reach this probability together",
    },
    "repetition-penalty": {
      type: "number",
      value: "R",
      describe: "Above 1, what was said becomes less likely",
      default: 1,
    },
    seed: { type: "whole", value: "N", describe: "Another number gives another text", default: 0 },
    stop: { type: "strings", value: "TEXT", describe: "End before this text; can be given several times" },
  },
  examples: [
    ['semspace generate "The capital of France is" -m models/gpt2 -n 20', "the prompt and what follows"],
    [
      'semspace generate "Once upon a time" -m models/gpt2 --temperature 0.8 --top-p 0.95 --seed 1 --json',
      '{"prompt": …, "text": …, "tokens": …, "finish": "end", "stop" or "length"}',
    ],
  ],
  async run({ options, positionals: [prompt, ...more], terminal }) {
    if (prompt === undefined || more.length > 0)
      throw new UsageError("One prompt is needed, in quotation marks: semspace generate PROMPT.");
    const topP = options["top-p"];
    if (topP !== undefined && topP > 1) throw new UsageError(`--top-p must be a number from 0 to 1, got ${topP}.`);
    const folder = await taskModelFolder(options.model, "a causal language model such as GPT-2");
    const { loadCausalLanguageModel } = await import("../../tasks/index.ts");
    const model = await loadCausalLanguageModel(folder, { dtype: options.dtype });
    const settings = {
      maxNewTokens: options["max-tokens"] ?? 64,
      repetitionPenalty: options["repetition-penalty"] ?? 1,
      seed: options.seed ?? 0,
      stop: options.stop,
      temperature: options.temperature,
      topK: options["top-k"],
      topP,
    };
    try {
      if (options.json) {
        const { text, ids, finish } = await model.generate(prompt, settings);
        await terminal.write(`${JSON.stringify({ prompt, text, tokens: ids.length, finish })}\n`);
        return;
      }
      await terminal.write(terminal.style.dim(prompt));
      for await (const piece of model.stream(prompt, settings)) await terminal.write(piece);
      await terminal.write("\n");
    } finally {
      await model.dispose();
    }
  },
});
