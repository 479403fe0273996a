/**
 * JSONL → one record a line. An object with a `text` (and perhaps a `title`) is that text; any other value is its strings,
 * `key: value`. A line that is not JSON is kept as it stands: a search must not lose it.
 */
import type { Document } from "./document.ts";
import { recordText } from "./record-text.ts";
import { TextBuilder } from "./text-builder.ts";

/** Lines end at `\n`; blank ones are left out. */
export function readJsonl(text: string, file: string): Document {
  const builder = new TextBuilder();
  let line = 1;
  for (let at = 0; at < text.length; line += 1) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline;
    const content = lineText(text.slice(at, end).trim());
    if (content !== "") {
      builder.separate("\n");
      const start = builder.length;
      builder.add(content, line);
      builder.block(start, "record");
    }
    at = end + 1;
  }
  return builder.document(file, "jsonl");
}

function lineText(line: string): string {
  if (line === "") return "";
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return line;
  }
  return recordText(value) ?? line;
}
