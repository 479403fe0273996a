/**
 * DOCX (Office Open XML, ECMA-376) → headings, paragraphs and rows of tables, then foot- and endnotes. The archive is opened by fflate, which
 * is loaded when a document needs it; the XML is parsed by htmlparser2. A line of the document is a paragraph of the file, empty ones
 * counted. Left out: what was deleted under tracked changes, field codes, headers and footers, the second copies that older programs read.
 */
import { Parser } from "htmlparser2";
import { SemspaceError } from "../errors.ts";
import { MAX_DOCUMENT_BYTES } from "./decode.ts";
import type { Document } from "./document.ts";
import { TextBuilder } from "./text-builder.ts";

/** Deeper XML is somebody's mistake, or an attack. */
const MAX_DEPTH = 512;
const PARTS = /^(_rels\/\.rels|word\/(styles|footnotes|endnotes)\.xml|.*\/document\d*\.xml)$/;

/** Throws `invalid-file` for bytes that are no whole DOCX, `unsupported` for one whose text is larger than what is read. */
export async function readDocx(bytes: Uint8Array, file: string): Promise<Document> {
  const name = file || "The document";
  const parts = await unpack(bytes, name);
  const main = parts.get(mainPart(parts.get("_rels/.rels") ?? ""));
  if (main === undefined) {
    throw new SemspaceError("invalid-file", `${name} is no DOCX: its archive has no word/document.xml.`);
  }
  const reader = new DocxReader(headingStyles(parts.get("word/styles.xml") ?? ""), name);
  reader.read(main);
  for (const notes of ["word/footnotes.xml", "word/endnotes.xml"]) reader.read(parts.get(notes) ?? "");
  return reader.document(file);
}

/** The XML of the parts that hold text, by name. */
async function unpack(bytes: Uint8Array, name: string): Promise<Map<string, string>> {
  const { unzipSync } = await import("fflate");
  let total = 0;
  const filter = (part: { name: string; originalSize: number }): boolean => {
    if (!PARTS.test(part.name)) return false;
    total += part.originalSize;
    if (total <= MAX_DOCUMENT_BYTES) return true;
    throw new SemspaceError(
      "unsupported",
      `${name} unpacks to more than the ${MAX_DOCUMENT_BYTES} bytes that are read. Split it.`,
    );
  };
  try {
    const entries = Object.entries(unzipSync(bytes, { filter }));
    return new Map(entries.map(([part, data]) => [part, new TextDecoder().decode(data)]));
  } catch (cause) {
    if (cause instanceof SemspaceError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SemspaceError("invalid-file", `${name} is no DOCX that can be read: ${reason}. Is it cut short?`, {
      cause,
    });
  }
}

function mainPart(relations: string): string {
  let target = "word/document.xml";
  parseXml(relations, {
    open(tag, attributes) {
      if (tag === "Relationship" && attributes["Type"]?.endsWith("/officeDocument"))
        target = attributes["Target"]?.replace(/^\//, "") ?? target;
    },
  });
  return target;
}

/**
 * Style → level of heading: by its outline level, by its English name, or by the style that it is based on. The title stands above all
 * headings, as in HTML.
 */
function headingStyles(styles: string): Map<string, number> {
  const levels = new Map<string, number>();
  const based = new Map<string, string>();
  let style = "";
  parseXml(styles, {
    open(tag, attributes) {
      const value = attributes["w:val"] ?? "";
      if (tag === "style") style = attributes["w:styleId"] ?? "";
      else if (tag === "outlineLvl" && Number(value) < 9) levels.set(style, Number(value) + 2);
      else if (tag === "basedOn") based.set(style, value);
      else if (tag === "name") {
        const level = /^title$/i.test(value) ? 1 : 1 + Number(/^heading ([1-9])$/i.exec(value)?.[1]);
        if (level > 0) levels.set(style, level);
      }
    },
  });
  for (const [from, base] of based) {
    const level = levels.get(base);
    if (level !== undefined && !levels.has(from)) levels.set(from, level);
  }
  return levels;
}

class DocxReader {
  readonly #builder = new TextBuilder();
  readonly #styles: ReadonlyMap<string, number>;
  readonly #name: string;
  #text = "";
  #level: number | undefined;
  #paragraph = 0;
  /** Elements that are open whose text does not count. */
  #skipped = 0;
  #inText = false;
  #tables = 0;
  #row: string[] = [];

  constructor(styles: ReadonlyMap<string, number>, name: string) {
    this.#styles = styles;
    this.#name = name;
  }

  read(xml: string): void {
    parseXml(xml, {
      name: this.#name,
      open: (tag, attributes) => this.#open(tag, attributes),
      text: (text) => {
        if (this.#inText && this.#skipped === 0) this.#text += text;
      },
      close: (tag) => this.#close(tag),
    });
    this.#endParagraph();
  }

  document(file: string): Document {
    return this.#builder.document(file, "docx");
  }

  #open(tag: string, attributes: Readonly<Record<string, string>>): void {
    const value = attributes["w:val"] ?? "";
    if (isSkipped(tag, attributes)) this.#skipped += 1;
    else if (tag === "p") {
      // The paragraphs of a text box lie inside the one that holds the box.
      this.#endParagraph();
      this.#paragraph += 1;
    } else if (tag === "pStyle") this.#level = this.#styles.get(value);
    else if (tag === "outlineLvl" && Number(value) < 9) this.#level = Number(value) + 2;
    else if (tag === "t") this.#inText = true;
    else if (tag === "tab") this.#text += "\t";
    else if (tag === "br" || tag === "cr") this.#text += "\n";
    else if (tag === "noBreakHyphen") this.#text += "-";
    else if (tag === "tbl") this.#tables += 1;
  }

  #close(tag: string): void {
    if (tag === "Fallback" || tag === "del" || tag === "moveFrom" || tag === "footnote" || tag === "endnote")
      this.#skipped = Math.max(0, this.#skipped - 1);
    if (tag === "t") this.#inText = false;
    else if (tag === "p") this.#endParagraph();
    else if (tag === "tr" && this.#tables === 1) this.#endRow();
    else if (tag === "tbl") this.#tables -= 1;
  }

  #endParagraph(): void {
    const content = this.#text.trim();
    const level = this.#level;
    this.#text = "";
    this.#level = undefined;
    if (content === "") return;
    if (this.#tables > 0) this.#row.push(content);
    else this.#block(content, level);
  }

  /** A row of a table, those of tables inside it included, is a paragraph. */
  #endRow(): void {
    const cells = this.#row;
    this.#row = [];
    if (cells.length > 0) this.#block(cells.join("\t"), undefined);
  }

  #block(content: string, level: number | undefined): void {
    this.#builder.separate("\n\n");
    const start = this.#builder.length;
    this.#builder.add(content, this.#paragraph);
    this.#builder.block(start, level === undefined ? "paragraph" : "heading", level);
  }
}

function isSkipped(tag: string, attributes: Readonly<Record<string, string>>): boolean {
  if (tag === "Fallback" || tag === "del" || tag === "moveFrom") return true;
  return (tag === "footnote" || tag === "endnote") && attributes["w:type"] !== undefined;
}

interface Handler {
  name?: string;
  open: (tag: string, attributes: Readonly<Record<string, string>>) => void;
  text?: (text: string) => void;
  close?: (tag: string) => void;
}

/** Tags come without their prefix, attributes with it. */
function parseXml(xml: string, { name = "The document", open, text, close }: Handler): void {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        depth += 1;
        if (depth > MAX_DEPTH)
          throw new SemspaceError("invalid-file", `${name} nests XML more than ${MAX_DEPTH} deep: it is damaged.`);
        open(tag.slice(tag.indexOf(":") + 1), attributes);
      },
      ontext: (data) => text?.(data),
      onclosetag(tag) {
        depth -= 1;
        close?.(tag.slice(tag.indexOf(":") + 1));
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.write(xml);
  parser.end();
}
