/** `semspace tokenize`: the tokens of a text as the model gets them, special tokens added, nothing padded or cut. */
import type { Encoding } from "../../tokenizers/index.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { modelFolder, modelOption, tokenizerFolder } from "../model-option.ts";
import { printable, type Terminal } from "../terminal.ts";
import { textBatches, textFileOptions } from "../texts-of-lines.ts";

export const command: Command = defineCommand({
  name: "tokenize",
  summary: "Shows the tokens of a text: ids, tokens, and where each stands.",
  positionals: "TEXT | --file FILE",
  description:
    "Special tokens are added; nothing is padded or cut. Offsets are UTF-16 indices into the text, as JavaScript's slice takes them.",
  options: {
    model: modelOption,
    ...textFileOptions,
  },
  examples: [
    ['semspace tokenize "Hello world"', "a row for each token"],
    [
      "semspace tokenize --file sentences.txt --json",
      '{"ids": […], "tokens": […], "offsets": [[start, end], …]} a line',
    ],
  ],
  async run({ options, positionals, terminal }) {
    if ((options.file === undefined) === (positionals.length === 0))
      throw new UsageError("A text is needed, or --file FILE: semspace tokenize TEXT.");
    if (positionals.length > 1)
      throw new UsageError(`One text is needed, got ${positionals.length}. Put it in quotation marks.`);
    const { loadTokenizer } = await import("../../tokenizers/index.ts");
    const tokenizer = await loadTokenizer(await tokenizerFolder(await modelFolder(options.model)));
    const show = async (text: string) => {
      const encoding = tokenizer.encode(text);
      await terminal.write(options.json ? `${jsonLine(encoding)}\n` : table(encoding, text, terminal));
    };
    if (options.file === undefined) return show(positionals[0]);
    for await (const texts of textBatches([options.file], options)) for (const text of texts) await show(text);
  },
});

function jsonLine(encoding: Encoding): string {
  return JSON.stringify({ ids: encoding.ids, tokens: encoding.tokens, offsets: encoding.offsets });
}

function table(encoding: Encoding, text: string, { style }: Terminal): string {
  const rows = encoding.offsets.map(([start, end], i) => {
    const special = encoding.specialTokensMask[i] === 1;
    return [
      String(encoding.ids[i]),
      printable(encoding.tokens[i]),
      special ? "" : `${start}-${end}`,
      special ? "" : printable(text.slice(start, end)),
    ];
  });
  const width = (column: number, name: string) => Math.max(name.length, ...rows.map((row) => row[column].length));
  const [ids, tokens, offsets] = [width(0, "id"), width(1, "token"), width(2, "offsets")];
  const line = ([id, token, offset, part]: readonly string[]) =>
    `${id.padStart(ids)}  ${token.padEnd(tokens)}  ${offset.padEnd(offsets)}  ${part}`.trimEnd();
  return [style.bold(line(["id", "token", "offsets", "text"])), ...rows.map(line), ""].join("\n");
}
