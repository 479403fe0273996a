/**
 * HTML → the text that a reader of the page sees, as headings, paragraphs and code. Parsed by htmlparser2, which takes broken pages.
 * Scripts, styles, templates and the head are left out except the title; `hidden` and CSS are not looked at.
 * Below {@link MAX_DEPTH} open tags all of them count as closed: the parser's work on a tag grows with the number of those that are open,
 * and pages with so many have forgotten to close them (Chromium stops nesting at 512).
 */
import { Parser } from "htmlparser2";
import type { Block, Document } from "./document.ts";
import { LineCounter, TextBuilder } from "./text-builder.ts";

const LEFT_OUT = words("script style noscript template svg math iframe object select datalist textarea");
const BLOCK = words(
  "address article aside blockquote body br center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tbody tfoot thead title tr ul",
);

const MAX_DEPTH = 512;

export function readHtml(source: string, file: string): Document {
  const reader = new HtmlReader(source);
  for (let from = 0; from < source.length;) from = readPart(source, from, reader);
  return reader.document(file);
}

/** Reads from here to the end, or to where too many tags are open; gives the place. */
function readPart(source: string, from: number, reader: HtmlReader): number {
  let depth = 0;
  let end = source.length;
  const parser: Parser = new Parser(
    {
      onopentag(name) {
        if (end < source.length) return;
        reader.open(name);
        depth += 1;
        if (depth <= MAX_DEPTH) return;
        end = from + parser.endIndex + 1;
        parser.pause();
      },
      ontext: (text) => reader.text(text, from + parser.startIndex),
      onclosetag(name) {
        reader.close(name);
        depth -= 1;
      },
    },
    { decodeEntities: true },
  );
  parser.write(source.slice(from));
  if (end === source.length) parser.end();
  else reader.closeAll();
  return end;
}

class HtmlReader {
  readonly #builder = new TextBuilder();
  readonly #lines: LineCounter;
  #leftOut = 0;
  #preformatted = 0;
  #line = 1;
  /** The block that is being written: where it starts, and whether white space waits to be written before its next word. */
  #start = 0;
  #kind: Block["kind"] = "paragraph";
  #level: number | undefined;
  #space = false;

  constructor(source: string) {
    this.#lines = new LineCounter(source);
  }

  open(name: string): void {
    if (LEFT_OUT.has(name)) this.#leftOut += 1;
    if (name === "td" || name === "th") this.#space = true;
    if (!BLOCK.has(name)) return;
    const inHeading = this.#kind === "heading" && name === "br";
    if (inHeading) this.#space = true;
    else if (this.#preformatted === 0) this.#endBlock();
    if (name === "pre") this.#preformatted += 1;
    // The title stands above all headings of the page.
    const level = name === "title" ? 1 : 1 + Number(/^h([1-6])$/.exec(name)?.[1] ?? -1);
    if (level > 0) {
      this.#kind = "heading";
      this.#level = level;
    } else if (name === "pre") this.#kind = "code";
  }

  close(name: string): void {
    if (LEFT_OUT.has(name)) this.#leftOut -= 1;
    if (!BLOCK.has(name) || name === "br") return;
    if (name === "pre") this.#preformatted -= 1;
    if (this.#preformatted === 0) this.#endBlock();
  }

  closeAll(): void {
    this.#leftOut = 0;
    this.#preformatted = 0;
    this.#endBlock();
  }

  text(text: string, offset: number): void {
    if (this.#leftOut > 0) return;
    this.#line = this.#lines.at(offset);
    if (this.#preformatted > 0) return this.#addLines(text);
    // Each source line is added apart, so that a long paragraph keeps its line numbers.
    for (const [i, line] of text.split("\n").entries()) {
      if (i > 0) {
        this.#line += 1;
        this.#space = true;
      }
      const trimmed = line.replace(/\s+/g, " ");
      if (trimmed.startsWith(" ")) this.#space = true;
      if (trimmed.trim() === "") continue;
      if (this.#space && this.#builder.length > this.#start) this.#builder.separate(" ");
      this.#builder.add(trimmed.trim(), this.#line);
      this.#space = trimmed.endsWith(" ");
    }
  }

  document(file: string): Document {
    this.#endBlock();
    return this.#builder.document(file, "html");
  }

  #addLines(text: string): void {
    for (const line of text.split(/(?<=\n)/)) {
      if (this.#builder.length > this.#start || line.trim() !== "") this.#builder.add(line, this.#line);
      if (line.endsWith("\n")) this.#line += 1;
    }
  }

  #endBlock(): void {
    if (this.#builder.length > this.#start) {
      this.#builder.block(this.#start, this.#kind, this.#level);
      this.#builder.separate("\n\n");
      this.#start = this.#builder.length;
    }
    this.#kind = "paragraph";
    this.#level = undefined;
    this.#space = false;
  }
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
