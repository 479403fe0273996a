/** `semspace route`: which of a few commands is meant, or none of them, and what fills its slots. */
import type { Route, RouterOptions } from "../../tasks/index.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelEmbedder, modelOption } from "../model-option.ts";
import { routerFrom } from "../router-source.ts";
import { printable, type Style } from "../terminal.ts";
import { textBatches, textFileOptions } from "../texts-of-lines.ts";

export const command: Command = defineCommand({
  name: "route",
  summary: "Says which of a few commands is meant, or none of them.",
  positionals: "INTENTS [TEXT…] [--file FILE]",
  description:
    'INTENTS is a JSON file, {"lights on": ["turn on the light", …], …}, or a router that --save has written. Ten phrases an intent are a good start.',
  options: {
    model: modelOption,
    ...textFileOptions,
    foreign: { type: "string", value: "FILE", describe: "Texts that are none of the intents, one a line" },
    "no-background": { type: "flag", describe: "Learn from --foreign only what is none of the intents" },
    keep: {
      type: "number",
      value: "SHARE",
      describe: "Phrases that must come through; lower refuses more",
      default: 0.95,
    },
    save: { type: "string", value: "FILE", describe: "Write the router to a file (safetensors)" },
  },
  examples: [
    ['semspace route house.json "turn on the light in the kitchen"', "the intent and its slots"],
    ["semspace route house.json --foreign chat.txt --save house.safetensors", "a router as one small file"],
    [
      "semspace route house.safetensors --file commands.txt --json",
      '{"index": …, "intent": …, "probability": …, "own": …, "slots": {…}} a text',
    ],
  ],
  async run({ options, positionals: [path, ...given], terminal }) {
    if (path === undefined || (given.length === 0 && options.file === undefined && options.save === undefined))
      throw new UsageError("Intents and texts are needed: semspace route INTENTS TEXT, --file FILE or --save FILE.");
    const made = path.endsWith(".json");
    if (!made && (options.foreign !== undefined || options["no-background"] || options.keep !== undefined))
      throw new UsageError("--foreign, --no-background and --keep are for making a router from a .json file.");
    const embedder = await modelEmbedder(options.model);
    try {
      const router = await routerFrom(path, embedder, await settingsOf(options));
      if (options.save !== undefined) {
        const { saveRouter } = await import("../../tasks/index.ts");
        await saveRouter(router, options.save);
        terminal.message(`${router.intents.length} intents written to ${options.save}`);
      }
      const texts = [...given];
      if (options.file !== undefined)
        for await (const batch of textBatches([options.file], options)) texts.push(...batch);
      for (const [index, text] of texts.entries()) {
        // oxlint-disable-next-line no-await-in-loop -- in order, with back-pressure
        const route = await router.route(text);
        // oxlint-disable-next-line no-await-in-loop
        await terminal.write(`${options.json ? jsonLine(index, route) : line(text, route, terminal.style)}\n`);
      }
    } finally {
      await embedder.dispose();
    }
  },
});

async function settingsOf(options: {
  foreign: string | undefined;
  "no-background": boolean;
  keep: number | undefined;
}): Promise<RouterOptions> {
  const { foreign: file, keep } = options;
  const foreign: string[] = [];
  if (file !== undefined) for await (const batch of textBatches([file], { jsonl: false })) foreign.push(...batch);
  const texts = foreign.filter((text) => text.trim() !== "");
  return { foreign: texts, background: !options["no-background"], ...(keep !== undefined && { keep }) };
}

function jsonLine(index: number, { intent, probability, own, slots }: Route): string {
  return JSON.stringify({ index, intent: intent ?? null, probability, own, slots });
}

function line(text: string, { intent, probability, own, slots }: Route, style: Style): string {
  const filled = Object.entries(slots).map(([name, value]) => `${name}=${value}`);
  const found =
    intent === undefined
      ? `${style.dim("none of these")} ${style.green((1 - own).toFixed(2))}`
      : `${style.bold(printable(intent))} ${style.green(probability.toFixed(2))}`;
  return [found, ...filled.map(printable), printable(text)].join("\t");
}
