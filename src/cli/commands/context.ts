/** `semspace context`: how the lines of a file use a word, grouped by sense; several models side by side. */
import { SemspaceError } from "../../errors.ts";
import type { ContextualEmbedder, WordSenses } from "../../tasks/index.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { type AttendedWord, attendedWords } from "../attended-words.ts";
import { dtypeOption } from "../dtype-option.ts";
import { modelFolder } from "../model-option.ts";
import { openSink } from "../sink.ts";
import { printable, type Style, type Terminal } from "../terminal.ts";
import { textBatches } from "../texts-of-lines.ts";
import { usesPicture } from "../uses-picture.ts";

export const command: Command = defineCommand({
  name: "context",
  summary: "Shows how the lines of a file use a word: its senses, with the lines of each.",
  positionals: "WORD FILE…",
  description:
    "A transformer gives a word another vector in every sentence; uses that lie together are a sense. A static model, as the one that the package ships, gives it the same vector everywhere. Name both to see them side by side.",
  options: {
    model: {
      type: "strings",
      short: "m",
      value: "MODEL",
      describe: "A model's folder, or its name on the hub; may be repeated (default: the model that the package ships)",
    },
    dtype: dtypeOption,
    senses: { type: "whole", value: "N", least: 1, describe: "Number of senses (default: the number that fits best)" },
    threshold: { type: "number", value: "COSINE", least: -1, describe: "Join groups at least this near instead" },
    layer: { type: "whole", value: "N", describe: "Hidden states after block N; 0 are the embeddings (default: last)" },
    attention: { type: "whole", value: "N", describe: "Show which words the word looks at in layer N, from 0" },
    top: { type: "whole", value: "N", least: 1, describe: "Lines of a sense, the most typical first", default: 10 },
    svg: { type: "string", value: "FILE", describe: "Draw the uses in the plane, a colour a sense" },
    jsonl: { type: "flag", describe: 'The files are JSONL with a "text" key, whatever their names' },
  },
  examples: [
    ["semspace context bank sentences.txt -m models/all-MiniLM-L6-v2", "the senses of bank and their lines"],
    ["semspace context bank sentences.txt -m models/static -m models/all-MiniLM-L6-v2", "two models side by side"],
    ["semspace context 银行 lines.txt -m models/bge-small-zh --svg uses.svg", "Chinese, and a picture"],
    ["semspace context bank sentences.txt --json", '{"model": …, "sense": …, "line": …, "similarity": …} a use'],
  ],
  async run({ options, positionals: [word, ...files], terminal }) {
    if (word === undefined || files.length === 0)
      throw new UsageError("A word and a file are needed: semspace context WORD FILE.");
    if (options.senses !== undefined && options.threshold !== undefined)
      throw new UsageError("--senses and --threshold exclude each other.");
    const names = options.model.length === 0 ? [undefined] : options.model;
    if (options.svg !== undefined && names.length > 1)
      throw new UsageError(`--svg draws one model, got ${names.length}. Name one.`);
    const texts: string[] = [];
    for await (const batch of textBatches(files, options)) texts.push(...batch);
    const { layer, attention, dtype } = options;
    const settings = { layer, k: options.senses, threshold: options.threshold };
    // Opened before the work, for a place that cannot be written to.
    const picture = options.svg === undefined ? undefined : await openSink(options.svg, false, terminal);
    try {
      for (const name of names) {
        // oxlint-disable-next-line no-await-in-loop -- one model in memory at a time
        await withModel(name, { layer, attention, dtype }, async (model) => {
          const found = await model.senses(texts, word, settings);
          if (found.uses.length === 0)
            throw new SemspaceError("invalid-argument", `No line of ${files.join(", ")} says "${word}".`);
          const looks =
            attention === undefined ? undefined : await attendedWords(model, found, { texts, layer: attention });
          const view: View = { model, found, texts, looks, top: options.top ?? 10 };
          await (options.json ? writeJson(view, terminal) : writeSenses(view, terminal));
          await picture?.write(usesPicture(found, texts));
        });
      }
      await picture?.end();
    } catch (error) {
      await picture?.discard();
      throw error;
    }
    if (options.svg !== undefined) terminal.message(`Wrote ${options.svg}.`);
  },
});

interface ModelChoice {
  layer: number | undefined;
  attention: number | undefined;
  dtype: "float32" | "int8" | undefined;
}

/** Loads a model with what is asked of it, and lets it go afterwards. */
async function withModel(
  name: string | undefined,
  { layer, attention, dtype }: ModelChoice,
  work: (model: ContextualEmbedder) => Promise<void>,
): Promise<void> {
  const { loadContextualEmbedder } = await import("../../tasks/index.ts");
  const model = await loadContextualEmbedder(await modelFolder(name), {
    ...(layer === undefined ? {} : { layers: [layer] }),
    ...(attention === undefined ? {} : { attentions: [attention] }),
    ...(dtype === undefined ? {} : { dtype }),
  });
  try {
    await work(model);
  } finally {
    await model.dispose();
  }
}

interface View {
  model: ContextualEmbedder;
  found: WordSenses;
  texts: readonly string[];
  /** What each use looks at, where that was asked for. */
  looks: readonly (readonly AttendedWord[])[] | undefined;
  top: number;
}

async function writeSenses({ model, found, texts, looks, top }: View, terminal: Terminal): Promise<void> {
  const { uses, missing, senses } = found;
  const { style } = terminal;
  const count = senses.length === 1 ? "1 sense" : `${senses.length} senses, silhouette ${found.silhouette.toFixed(2)}`;
  const lines = `${uses.length} uses in ${texts.length - missing.length} of ${texts.length} lines`;
  const kind = model.kind === "static" ? " (static: one vector, whatever stands around the word)" : "";
  const out = [`${style.bold(printable(found.word))}  ${lines}, ${count}  ${style.dim(printable(model.name) + kind)}`];
  for (const [number, sense] of senses.entries()) {
    out.push(`${style.cyan(String(number + 1).padStart(3))}  ${printable(sense.words.join(", "))}`);
    for (const [i, use] of sense.uses.slice(0, top).entries()) {
      const score = style.green(sense.typicality[i].toFixed(3).padStart(6));
      out.push(`     ${score}  ${markedLine(texts, uses[use], style)}`);
      if (looks) out.push(`             ${style.dim(printable(shownLooks(looks[use])))}`);
    }
    if (sense.uses.length > top) out.push(`             … ${sense.uses.length - top} more`);
  }
  await terminal.write(`${out.join("\n")}\n`);
}

function markedLine(
  texts: readonly string[],
  { text, start, end }: WordSenses["uses"][number],
  { highlight }: Style,
): string {
  const line = texts[text];
  const parts = [line.slice(0, start), line.slice(start, end), line.slice(end)].map(printable);
  return `${parts[0]}${highlight(parts[1])}${parts[2]}`;
}

const shownLooks = (words: readonly AttendedWord[]): string =>
  `looks at ${words.map(({ word, weight }) => `${word} ${weight.toFixed(2)}`).join(", ")}`;

async function writeJson({ model, found, texts, looks }: View, terminal: Terminal): Promise<void> {
  for (const [number, { uses, typicality, words }] of found.senses.entries()) {
    for (const [i, use] of uses.entries()) {
      const { text, start, end } = found.uses[use];
      const object = {
        model: model.name,
        sense: number + 1,
        words,
        line: text + 1,
        start,
        end,
        similarity: typicality[i],
        text: texts[text],
        ...(looks && { attention: looks[use] }),
      };
      // oxlint-disable-next-line no-await-in-loop -- back-pressure
      await terminal.write(`${JSON.stringify(object)}\n`);
    }
  }
}
