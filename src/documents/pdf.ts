/**
 * PDF → headings and paragraphs, page by page. Parsed by unpdf (PDF.js), an optional package that is imported when a PDF is read.
 * PDF knows glyphs at places, no paragraphs: a paragraph ends at a gap between lines that is wider than usual on its page, at another
 * size of type, or with the page; a short stretch in type larger than the document's usual is a heading. A line of the document is a line
 * on its pages, counted through. Scanned pages hold no text: they give an empty document.
 */
import type * as Unpdf from "unpdf";
import { guardStrays } from "#platform";
import { SemspaceError } from "../errors.ts";
import type { Document } from "./document.ts";
import { TextBuilder } from "./text-builder.ts";

interface PdfLine {
  readonly text: string;
  /** Size of its type and height of its base line, in points. */
  readonly size: number;
  readonly y: number;
  readonly page: number;
}

/** What PDF.js calls a text item: a stretch of glyphs of one font. */
interface TextItem {
  readonly str: string;
  readonly transform: readonly number[];
  readonly hasEOL: boolean;
}

interface Pdf {
  readonly numPages: number;
  getPage(page: number): Promise<{
    getTextContent(): Promise<{ items: readonly (TextItem | object)[] }>;
    cleanup(): void;
  }>;
  destroy(): Promise<void>;
}

/** Type this much larger than usual makes a heading, another size by this much ends a paragraph. */
const LARGER = 1.12;
/** A gap this much wider than the usual one between base lines ends a paragraph. */
const WIDER = 1.25;
const LONGEST_HEADING = 200;

/** Throws `missing-dependency` without unpdf, `invalid-file` for bytes that are no whole PDF, `unsupported` for one that is encrypted. */
export async function readPdf(bytes: Uint8Array, file: string): Promise<Document> {
  return build(await guardStrays(isPdfError, () => readLines(bytes, file || "The document")), file);
}

async function readLines(bytes: Uint8Array, name: string): Promise<PdfLine[]> {
  const pdf = await openPdf(bytes, name);
  const lines: PdfLine[] = [];
  try {
    for (let page = 1; page <= pdf.numPages; page += 1) lines.push(...(await pageLines(pdf, page)));
  } catch (cause) {
    throw damaged(name, cause);
  } finally {
    await pdf.destroy().catch(() => undefined);
  }
  return lines;
}

/** Of a damaged file PDF.js may leave behind more than one. */
function isPdfError(reason: unknown): boolean {
  return reason instanceof Error && /unpdf|pdfjs/.test(reason.stack ?? "");
}

async function openPdf(bytes: Uint8Array, name: string): Promise<Pdf> {
  const { getDocumentProxy } = await importUnpdf(name);
  try {
    // A copy, for PDF.js takes the buffer away; verbosity 0, for it would print its warnings among the data.
    return await getDocumentProxy(bytes.slice(), { verbosity: 0, isEvalSupported: false });
  } catch (cause) {
    if (cause instanceof Error && cause.name === "PasswordException")
      throw new SemspaceError("unsupported", `${name} is encrypted. Save it without a password.`, { cause });
    throw damaged(name, cause);
  }
}

/** Inside `try`, the form in which bundlers take a package that may be missing. */
async function importUnpdf(name: string): Promise<Pick<typeof Unpdf, "getDocumentProxy">> {
  try {
    return await import("unpdf");
  } catch (cause) {
    throw new SemspaceError(
      "missing-dependency",
      `To read ${name}, semspace needs unpdf. Install it: npm install unpdf@1.7`,
      {
        cause,
      },
    );
  }
}

async function pageLines(pdf: Pdf, page: number): Promise<PdfLine[]> {
  const handle = await pdf.getPage(page);
  const { items } = await handle.getTextContent();
  handle.cleanup();
  const lines: PdfLine[] = [];
  let text = "";
  let place = { size: 0, y: 0 };
  const end = (): void => {
    const content = text.replace(/\s+/g, " ").trim();
    if (content !== "") lines.push({ text: content, ...place, page });
    text = "";
  };
  for (const item of items) {
    if (!("str" in item)) continue;
    const [, , c, d, , y] = item.transform;
    if (item.str.trim() !== "" && text.trim() === "") place = { size: Math.hypot(c, d), y };
    text += item.str;
    if (item.hasEOL) end();
  }
  end();
  return lines;
}

function build(lines: readonly PdfLine[], file: string): Document {
  const usual = usualSize(lines);
  const larger = [...new Set(lines.map(({ size }) => Math.round(size)))]
    .filter((size) => size > usual * LARGER)
    .toSorted((a, b) => b - a);
  const gaps = usualGaps(lines);
  const builder = new TextBuilder();
  for (let i = 0; i < lines.length;) {
    const start = builder.length;
    const from = i;
    do {
      if (i > from) builder.separate("\n");
      builder.add(lines[i].text, i + 1, lines[i].page);
      i += 1;
    } while (i < lines.length && continues(lines[i - 1], lines[i], gaps));
    const level = larger.indexOf(Math.round(lines[from].size)) + 1;
    const isHeading = level > 0 && builder.length - start <= LONGEST_HEADING;
    builder.block(start, isHeading ? "heading" : "paragraph", isHeading ? level : undefined);
    builder.separate("\n\n");
  }
  return builder.document(file, "pdf");
}

/** Whether the second line belongs to the paragraph of the first. */
function continues(a: PdfLine, b: PdfLine, gaps: ReadonlyMap<number, number>): boolean {
  const gap = a.y - b.y;
  return (
    a.page === b.page &&
    Math.max(a.size, b.size) <= Math.min(a.size, b.size) * LARGER &&
    // What climbs starts another column.
    (gap < -a.size || gap <= (gaps.get(a.page) ?? 0) * WIDER)
  );
}

/** The size in which most characters are set. */
function usualSize(lines: readonly PdfLine[]): number {
  const characters = new Map<number, number>();
  for (const { size, text } of lines) {
    const key = Math.round(size * 2) / 2;
    characters.set(key, (characters.get(key) ?? 0) + text.length);
  }
  return [...characters].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}

/** For each page the usual distance of base lines: the third decile of those that descend, since gaps between paragraphs are among them. */
function usualGaps(lines: readonly PdfLine[]): Map<number, number> {
  const byPage = new Map<number, number[]>();
  for (const [i, line] of lines.entries()) {
    const before = lines[i - 1];
    if (before?.page !== line.page || before.y <= line.y) continue;
    const list = byPage.get(line.page);
    if (list) list.push(before.y - line.y);
    else byPage.set(line.page, [before.y - line.y]);
  }
  return new Map(
    [...byPage].map(([page, gaps]) => [page, gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length * 0.3)]]),
  );
}

function damaged(name: string, cause: unknown): SemspaceError {
  const reason = cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
  return new SemspaceError("invalid-file", `${name} is no PDF that can be read: ${reason}. Is it cut short?`, {
    cause,
  });
}
