/** `semspace index search`: the passages of an index that are nearest to a query. */
import { stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Filter } from "../../search/filter.ts";
import type { SearchHit, SearchMode } from "../../search/index-options.ts";
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { openDocuments, tableOf } from "../indexing/open-documents.ts";
import { modelOption } from "../model-option.ts";
import { snippet } from "../snippet.ts";
import { printable, type Terminal } from "../terminal.ts";

const options = {
  top: { type: "whole", short: "n", value: "N", least: 1, default: 10, describe: "How many passages to show" },
  semantic: { type: "flag", describe: "By meaning only" },
  lexical: { type: "flag", describe: "By words only (BM25); needs no model" },
  filter: {
    type: "string",
    value: "JSON",
    describe: 'Only passages whose metadata pass: {"file": "guide.md"}, {"page": {"$lte": 10}}, {"file": {"$in": […]}}',
  },
  "min-score": { type: "number", value: "S", describe: "No passages below this score", least: -1 },
  model: { ...modelOption, describe: "Where the index's model lies now, if it was moved" },
} as const;

export const command: Command = defineCommand({
  name: "index search",
  summary: "Searches an index by meaning and by words.",
  positionals: "INDEX QUERY",
  description:
    "Metadata of a passage: file (below the index's folder), line, endLine, start, end, page (PDF), heading.",
  options,
  examples: [
    ['semspace index search docs.index "how do I cancel an order"', "the ten best passages"],
    ['semspace index search docs.index "retry" --filter \'{"file": "guide.md"}\' --json', "in one file, for programs"],
  ],
  async run({ options, positionals: [path, query, ...rest], terminal }) {
    if (path === undefined || query === undefined || query.trim() === "" || rest.length > 0)
      throw new UsageError("An index and a query are needed: semspace index search INDEX QUERY.");
    if (options.semantic && options.lexical)
      throw new UsageError("--semantic and --lexical exclude each other; without them both are used.");
    const mode: SearchMode = options.semantic ? "semantic" : options.lexical ? "lexical" : "hybrid";
    const { settings } = await tableOf(path);
    const filter = filterOf(options.filter);
    const model = options.model ?? settings.model;
    const hits = await find(path, {
      ...settings,
      model,
      mode,
      query,
      filter,
      k: options.top ?? 10,
      minScore: options["min-score"],
    });
    const place = await placer(settings.folder);
    for (const [i, hit] of hits.entries()) {
      const shown = options.json
        ? jsonLine(hit, place)
        : `${i > 0 ? "\n" : ""}${forPeople(hit, place, { query, terminal })}`;
      await terminal.write(`${shown}\n`);
    }
    if (hits.length === 0 && !options.json) terminal.message("No passage found.");
  },
});

interface Request {
  query: string;
  mode: SearchMode;
  k: number;
  filter: Filter | undefined;
  minScore: number | undefined;
  model?: string | undefined;
  dtype?: "float32" | "int8" | undefined;
}

async function find(path: string, request: Request): Promise<SearchHit[]> {
  const { query, mode, k, filter, minScore } = request;
  if (mode === "lexical") {
    const { openIndex } = await import("../../search/search-index.ts");
    const index = await openIndex(path);
    try {
      return await index.search(query, { mode, k, filter, minScore });
    } finally {
      await index.close();
    }
  }
  const { index, embedder } = await openDocuments(path, request, false);
  try {
    return await index.search(query, { mode, k, filter, minScore });
  } finally {
    await index.close();
    await embedder.dispose();
  }
}

function filterOf(text: string | undefined): Filter | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Filter;
  } catch {
    throw new UsageError(`--filter must be JSON such as {"file": "guide.md"}, got ${text}.`);
  }
}

/** The path of a file as it can be opened from here; where the folder is gone, as the index names it. */
async function placer(folder: string): Promise<(file: string) => string> {
  const there = await stat(folder).catch(() => undefined);
  return (file) => (there ? relative(process.cwd(), join(folder, file)) || file : file);
}

function jsonLine(hit: SearchHit, place: (file: string) => string): string {
  const { file, line, endLine, page, heading } = metadataOf(hit);
  const path = place(file);
  return JSON.stringify({ file: path, line, endLine, page, score: hit.score, heading, text: textOf(hit) });
}

function forPeople(
  hit: SearchHit,
  place: (file: string) => string,
  { query, terminal: { style, columns } }: { query: string; terminal: Terminal },
): string {
  const { file, line, page, heading } = metadataOf(hit);
  const where = `${printable(place(file).replaceAll("\n", "\uFFFD"))}:${line}${page === undefined ? "" : ` (page ${page})`}`;
  const head = `${style.cyan(where)}  ${style.green(hit.score.toFixed(3))}${heading ? `  ${style.dim(printable(heading))}` : ""}`;
  const width = Math.max(40, Math.min(columns ?? 100, 100) - 4);
  const body = snippet(printable(textOf(hit)), query, { lines: 5, columns: width, mark: style.highlight });
  return [head, ...body.map((text) => `  ${text}`)].join("\n");
}

interface PassageMetadata {
  file: string;
  line: number;
  endLine: number;
  page?: number;
  heading?: string;
}

function metadataOf({ metadata }: SearchHit): PassageMetadata {
  return metadata as unknown as PassageMetadata;
}

/** The passage without the headings above it, which the index keeps with its text. */
function textOf(hit: SearchHit): string {
  const { heading } = metadataOf(hit);
  const text = hit.text ?? "";
  return heading && text.startsWith(`${heading}\n`) ? text.slice(heading.length + 1) : text;
}
