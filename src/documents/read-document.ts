/** One door for all kinds of files: which reader a file gets is decided by its name's ending. */
import { fileSize, readBytes } from "#platform";
import { oneOf, SemspaceError } from "../errors.ts";
import { readCsv } from "./csv.ts";
import { decodeText, MAX_DOCUMENT_BYTES } from "./decode.ts";
import { blocksBetweenBlankLines, documentKinds, lineMap, type Document, type DocumentKind } from "./document.ts";
import { readDocx } from "./docx.ts";
import { readHtml } from "./html.ts";
import { readJsonl } from "./jsonl.ts";
import { readMarkdown } from "./markdown.ts";
import { readParquet } from "./parquet.ts";
import { readPdf } from "./pdf.ts";

/** Kinds that are no text: their readers load a library first. */
const PACKED = { pdf: readPdf, docx: readDocx, parquet: readParquet } as const;
type PackedKind = keyof typeof PACKED;

const KIND_BY_ENDING: Readonly<Record<string, DocumentKind>> = {
  ...endings("markdown", "md markdown mdx mdown qmd rmd"),
  ...endings("html", "html htm xhtml"),
  ...endings("csv", "csv tsv tab"),
  ...endings("jsonl", "jsonl ndjson"),
  ...endings("pdf", "pdf"),
  ...endings("docx", "docx docm dotx"),
  ...endings("parquet", "parquet pq"),
  ...endings(
    "code",
    "ts tsx mts cts js jsx mjs cjs py pyi rb rs go java kt kts scala groovy c h cc cpp cxx hh hpp hxx cs fs m mm swift dart",
  ),
  ...endings(
    "code",
    "php pl pm lua r jl ex exs erl hs ml mli clj cljs lisp el scm zig nim v sv vhd sh bash zsh fish ps1 bat cmd sql",
  ),
  ...endings(
    "code",
    "css scss sass less vue svelte astro graphql proto tf json jsonc json5 yaml yml toml ini cfg conf xml gradle cmake mk",
  ),
};

export interface ReadOptions {
  /** Names the document in its passages, and by its ending the reader. */
  file?: string;
  /** Overrules the ending. */
  kind?: DocumentKind;
  /** Larger files are refused, in bytes. */
  maxBytes?: number;
}

/**
 * Reads a document from a path (in a browser, a URL), or from bytes whose `file` names their kind.
 * Throws `missing-file` when it cannot be read, `unsupported` when it is not text or larger than `maxBytes`, `invalid-file` for a PDF, DOCX or
 * Parquet file that is damaged, `missing-dependency` for a PDF when unpdf is not installed.
 *
 * @example
 * const guide = await readDocument("docs/guide.md");
 * passages(guide)[0]; // { text: "# Guide …", file: "docs/guide.md", line: 1, endLine: 9, start: 0, end: 412 }
 * await readDocument(new Uint8Array(await upload.arrayBuffer()), { file: "report.pdf" });
 */
export async function readDocument(source: string | Uint8Array, options: ReadOptions = {}): Promise<Document> {
  const { maxBytes = MAX_DOCUMENT_BYTES } = options;
  const file = options.file ?? (typeof source === "string" ? source : "");
  const size = typeof source === "string" ? ((await fileSize(source)) ?? 0) : source.length;
  if (size > maxBytes) throw tooLarge(file, size, maxBytes);
  const bytes = typeof source === "string" ? await readBytes(source) : source;
  const kind = options.kind ?? documentKind(file);
  if (isPacked(kind)) return PACKED[kind](bytes, file);
  if (options.kind === undefined && isPdf(bytes)) return readPdf(bytes, file);
  return parseDocument(bytes, { ...options, file });
}

/**
 * As {@link readDocument}, from bytes or text in memory, at once. PDF, DOCX and Parquet need `readDocument`, for their readers are loaded
 * first: they throw `unsupported` here.
 */
export function parseDocument(source: string | Uint8Array, options: ReadOptions = {}): Document {
  const { file = "", maxBytes = MAX_DOCUMENT_BYTES } = options;
  if (source.length > maxBytes) throw tooLarge(file, source.length, maxBytes);
  const kind = oneOf("kind of document", options.kind ?? documentKind(file), documentKinds);
  if (isPacked(kind)) {
    const message = `${file || "The document"} is a ${kind} file, which is not parsed at once. Use await readDocument(…).`;
    throw new SemspaceError("unsupported", message);
  }
  const text = typeof source === "string" ? source : decodeText(source, file || "The document");
  switch (kind) {
    case "markdown":
      return readMarkdown(text, file);
    case "html":
      return readHtml(text, file);
    case "csv":
      return readCsv(text, file);
    case "jsonl":
      return readJsonl(text, file);
    case "text":
    case "code": {
      const blocks = blocksBetweenBlankLines(
        text,
        { start: 0, end: text.length },
        kind === "code" ? "code" : "paragraph",
      );
      return { file, kind, text, blocks, lines: lineMap(text) };
    }
  }
}

/** The kind that a file's ending names; `text` for endings that are not known. */
export function documentKind(file: string): DocumentKind {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(KIND_BY_ENDING, ending) ? KIND_BY_ENDING[ending] : "text";
}

function isPacked(kind: DocumentKind): kind is PackedKind {
  return Object.hasOwn(PACKED, kind);
}

/** A PDF says so itself, whatever its name. */
function isPdf(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 5)) === "%PDF-";
}

function endings(kind: DocumentKind, names: string): Record<string, DocumentKind> {
  return Object.fromEntries(names.split(" ").map((name) => [name, kind]));
}

function tooLarge(file: string, size: number, allowed: number): SemspaceError {
  return new SemspaceError(
    "unsupported",
    `${file || "The document"} has ${size} bytes, more than the ${allowed} that are read. Split it, or raise maxBytes.`,
  );
}
