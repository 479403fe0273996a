/** What commands on texts read: a text a line, or a JSON object with a `text` a line, in batches. */
import { SemspaceError } from "../errors.ts";
import { lineBatches } from "./lines.ts";

/** Texts and characters of a batch: enough for a model to sort by length, and small beside the model itself. */
const BATCH = { texts: 2048, characters: 1_000_000 };

/** `--file` and `--jsonl` of commands that take texts as arguments too. */
export const textFileOptions = {
  file: {
    type: "string",
    short: "f",
    value: "FILE",
    describe: 'A text a line, or JSONL with a "text" key; "-" is standard input',
  },
  jsonl: { type: "flag", describe: "The file is JSONL, whatever its name" },
} as const;

export interface TextsOptions {
  /** Every source is JSONL, whatever its ending; otherwise those that end in .jsonl or .ndjson are. */
  jsonl: boolean;
}

/** A text and the line that holds it. */
export interface TextRecord {
  readonly text: string;
  readonly line: string;
}

/** The texts of the sources in order; "-" is standard input. Throws what `lineBatches` throws, and `invalid-file` naming a line that is not as promised. */
export async function* textBatches(sources: readonly string[], options: TextsOptions): AsyncGenerator<string[]> {
  for await (const batch of recordBatches(sources, options)) yield batch.map(({ text }) => text);
}

/** As {@link textBatches}, with the lines. */
export async function* recordBatches(
  sources: readonly string[],
  { jsonl }: TextsOptions,
): AsyncGenerator<TextRecord[]> {
  let batch: TextRecord[] = [];
  let characters = 0;
  for (const source of sources) {
    const isJsonl = jsonl || /\.(jsonl|ndjson)$/i.test(source);
    let number = 0;
    for await (const lines of lineBatches([source])) {
      for (const line of lines) {
        number += 1;
        if (isJsonl && line.trim() === "") continue;
        const text = isJsonl ? textOf(line, source, number) : line;
        batch.push({ text, line });
        characters += text.length;
        if (batch.length < BATCH.texts && characters < BATCH.characters) continue;
        yield batch;
        batch = [];
        characters = 0;
      }
    }
  }
  if (batch.length > 0) yield batch;
}

function textOf(line: string, source: string, number: number): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (value !== null && typeof value === "object" && "text" in value && typeof value.text === "string")
    return value.text;
  const name = source === "-" ? "standard input" : source;
  const got = line.length > 60 ? `${line.slice(0, 60)}…` : line;
  throw new SemspaceError(
    "invalid-file",
    `Line ${number} of ${name} must be a JSON object with a string "text", got ${got}`,
  );
}
