/** `semspace search`: files and folders → passages → the ones nearest to a query, by meaning and by words. */
import { UsageError } from "../arguments.ts";
import { defineCommand, type Command } from "../command.ts";
import { dtypeOption } from "../dtype-option.ts";
import { searchDistinct, type DistinctHit } from "../distinct-hits.ts";
import { modelEmbedder, modelFolder, modelOption } from "../model-option.ts";
import { openProgress, type Progress } from "../progress.ts";
import { readPassages } from "../read-passages.ts";
import { searchCaches } from "../search-caches.ts";
import { snippet } from "../snippet.ts";
import { printable, type Style, type Terminal } from "../terminal.ts";
import type { Passage } from "../../documents/index.ts";
import type { SearchMode } from "../../search/index-options.ts";

const options = {
  top: { type: "whole", short: "n", value: "N", least: 1, default: 10, describe: "How many passages to show" },
  model: modelOption,
  dtype: dtypeOption,
  semantic: { type: "flag", describe: "By meaning only" },
  lexical: { type: "flag", describe: "By words only (BM25); needs no model" },
  include: {
    type: "strings",
    value: "GLOB",
    describe: 'Only files that match, as in .gitignore: "*.md", "docs/**"; may be repeated',
  },
  exclude: { type: "strings", value: "GLOB", describe: "No files and folders that match; may be repeated" },
  "no-cache": { type: "flag", describe: "Embed everything again and keep nothing" },
} as const;

/** Of a text that stands in many places. */
const PLACES_SHOWN = 4;

export const command: Command = defineCommand({
  name: "search",
  summary: "Finds the passages of files that answer a query, by meaning and by words.",
  positionals: "QUERY [PATH…]",
  description: [
    "Reads text, Markdown, HTML, CSV, JSONL, source code, DOCX, Parquet and PDF (with unpdf) below each PATH (default: the current folder). Hidden files, node_modules,",
    "binary files and what .gitignore names are left out; a file given by name is always read. Vectors are kept in the cache folder,",
    "so that the next search of the same files embeds only what is new.",
  ].join("\n"),
  options,
  examples: [
    ['semspace search "how do I cancel an order" docs', "the ten best passages of the folder docs"],
    ['semspace search "retry with backoff" src --include "*.ts" --top 3', "in TypeScript files only, three passages"],
    ['semspace search "wing flutter" papers --json | jq -r .file', "for programs: file, line, score, text, also"],
  ],
  async run({ options, positionals: [query, ...paths], terminal }) {
    if (query === undefined || query.trim() === "")
      throw new UsageError("A query is needed: semspace search QUERY [PATH…].");
    if (options.semantic && options.lexical)
      throw new UsageError("--semantic and --lexical exclude each other; without them both are used.");
    const mode: SearchMode = options.semantic ? "semantic" : options.lexical ? "lexical" : "hybrid";
    const progress = await openProgress();
    const request = { ...options, query, mode, paths: paths.length > 0 ? paths : ["."], top: options.top ?? 10 };
    const hits = await findHits(request, { terminal, progress }).finally(() => progress.stop());
    for (const [i, hit] of hits.entries()) {
      await terminal.write(
        options.json ? `${jsonLine(hit)}\n` : `${i > 0 ? "\n" : ""}${forPeople(hit, query, terminal)}\n`,
      );
    }
    if (hits.length === 0 && !options.json) terminal.message("No passage found.");
  },
});

interface Request {
  query: string;
  mode: SearchMode;
  paths: readonly string[];
  top: number;
  model: string | undefined;
  dtype: "float32" | "int8" | undefined;
  include: readonly string[];
  exclude: readonly string[];
  "no-cache": boolean;
}

async function findHits(
  request: Request,
  { terminal, progress }: { terminal: Terminal; progress: Progress },
): Promise<DistinctHit[]> {
  const { query, mode, paths, top, model, dtype, include, exclude } = request;
  // An unknown model is said at once, not after all files were read.
  const folder = mode === "lexical" ? undefined : await modelFolder(model);
  const warn = (message: string) => {
    progress.stop();
    terminal.warn(message);
  };
  const found = await readPassages(paths, {
    include,
    exclude,
    warn,
    progress: (files) => progress.update("reading files", files, 0),
  });
  if (found.unreadable > 0) warn(`${found.unreadable} of ${found.files + found.unreadable} could not be read`);
  if (found.passages.length === 0) return [];
  const caches = request["no-cache"] ? undefined : await searchCaches(paths, warn);
  const termCache = mode === "semantic" ? undefined : await caches?.terms();
  const { createIndex } = await import("../../search/search-index.ts");
  const embedder = folder && (await modelEmbedder(model, { dtype }));
  try {
    const cache = folder && embedder && (await caches?.vectors(folder, { dimensions: embedder.dimensions, dtype }));
    const embedding = (done: number, total: number) => progress.update("embedding", done, total);
    const index = await createIndex(embedder, { cache, termCache, dtype: "int8" });
    await index.add(
      found.passages.map(({ text, heading }) => ({ text, heading })),
      { onProgress: embedding },
    );
    const hits = await searchDistinct({ index, passages: found.passages }, query, { top, mode });
    await termCache?.save();
    await index.close();
    return hits;
  } finally {
    await embedder?.dispose();
  }
}

function jsonLine({ item, score, also }: DistinctHit): string {
  const { file, line, text } = item;
  return JSON.stringify({
    file,
    line,
    score,
    text,
    also: also.map((other) => ({ file: other.file, line: other.line })),
  });
}

function forPeople({ item, score, also }: DistinctHit, query: string, { style, columns }: Terminal): string {
  const head = `${place(item, style)}  ${style.green(score.toFixed(3))}${item.heading ? `  ${style.dim(printable(item.heading))}` : ""}`;
  const width = Math.max(40, Math.min(columns ?? 100, 100) - 4);
  const body = snippet(printable(item.text), query, { lines: 5, columns: width, mark: style.highlight });
  return [head, ...body.map((line) => `  ${line}`), ...elsewhere(also, style)].join("\n");
}

/** `also in` and the first places where the same text stands. */
function elsewhere(also: readonly Passage[], style: Style): string[] {
  if (also.length === 0) return [];
  const more = also.length - PLACES_SHOWN;
  const places = also.slice(0, PLACES_SHOWN).map((other) => place(other, style));
  return [`  also in ${places.join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
}

function place({ file, line }: Passage, { cyan }: Style): string {
  return cyan(`${printable(file.replaceAll("\n", "\uFFFD"))}:${line}`);
}
