/** What the tagger's commands share: the file of examples, and the model of words in context. */
import { readFile } from "node:fs/promises";
import { SemspaceError, shown } from "../errors.ts";
import type { ContextualEmbedder, TaggingExample } from "../tasks/index.ts";
import { modelFolder } from "./model-option.ts";

/** CoNLL's columns, or JSONL `{"text": …, "entities": [{"label", "start", "end"}]}` by the file's ending. Throws `missing-file`, `invalid-file`. */
export async function readTaggingExamples(path: string): Promise<TaggingExample[]> {
  const content = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new SemspaceError("missing-file", `Cannot read ${path} (${cause.code}).`, { cause });
  });
  if (!/\.(jsonl|ndjson)$/i.test(path)) {
    const { readConll } = await import("../tasks/index.ts");
    return readConll(content);
  }
  const examples: TaggingExample[] = [];
  for (const [i, line] of content.split("\n").entries())
    if (line.trim() !== "") examples.push(exampleOf(line, `Line ${i + 1} of ${path}`));
  return examples;
}

function exampleOf(line: string, where: string): TaggingExample {
  let value: { text?: unknown; entities?: unknown } | null;
  try {
    value = JSON.parse(line) as typeof value;
  } catch {
    value = null;
  }
  const isEntity = (one: unknown): one is { label: string; start: number; end: number } => {
    const { label, start, end } = (one ?? {}) as Record<string, unknown>;
    return typeof label === "string" && Number.isInteger(start) && Number.isInteger(end);
  };
  if (typeof value?.text === "string" && Array.isArray(value.entities) && value.entities.every(isEntity))
    return { text: value.text, entities: value.entities };
  throw new SemspaceError(
    "invalid-file",
    `${where} must be {"text": …, "entities": [{"label": …, "start": …, "end": …}]}, got ${shown(line)}.`,
  );
}

/** The model; without a name the shipped one, which gives a word the same vector everywhere. */
export async function openContext(model: string | undefined, layer?: number): Promise<ContextualEmbedder> {
  const { loadContextualEmbedder } = await import("../tasks/index.ts");
  return loadContextualEmbedder(await modelFolder(model), { layers: layer === undefined ? [] : [layer] });
}
