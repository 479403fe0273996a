/** Builds the text of a document whose file is not that text (HTML, CSV, PDF …), keeping the file's line and page of each piece. */
import type { Block, Document, DocumentKind } from "./document.ts";

export class TextBuilder {
  readonly #pieces: string[] = [];
  readonly #offsets: number[] = [];
  readonly #numbers: number[] = [];
  readonly #blocks: Block[] = [];
  readonly #pages: { offsets: number[]; numbers: number[] } = { offsets: [], numbers: [] };
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds text that came from this line (and page) of the file, from 1; they must not descend. */
  add(text: string, line: number, page?: number): void {
    if (text === "") return;
    if (page !== undefined && this.#pages.numbers.at(-1) !== page) {
      this.#pages.offsets.push(this.#length);
      this.#pages.numbers.push(page);
    }
    if (this.#numbers.at(-1) !== line) {
      this.#offsets.push(this.#length);
      this.#numbers.push(line);
    }
    this.#pieces.push(text);
    this.#length += text.length;
  }

  /** Adds white space that came from nowhere: it has the line of what was before it. */
  separate(space: string): void {
    if (this.#length === 0) return;
    this.#pieces.push(space);
    this.#length += space.length;
  }

  /** Marks `[start, now)` as a block. */
  block(start: number, kind: Block["kind"], level?: number): void {
    if (this.#length > start) this.#blocks.push({ start, end: this.#length, kind, ...(level && { level }) });
  }

  document(file: string, kind: DocumentKind): Document {
    return {
      file,
      kind,
      text: this.#pieces.join(""),
      blocks: this.#blocks,
      lines: { offsets: this.#offsets, numbers: this.#numbers },
      ...(this.#pages.offsets.length > 0 && { pages: this.#pages }),
    };
  }
}

/** Tells the line (from 1) of ascending offsets of a file's text, in one pass over it. */
export class LineCounter {
  readonly #text: string;
  #line = 1;
  #next: number;

  constructor(text: string) {
    this.#text = text;
    this.#next = text.indexOf("\n");
  }

  /** `offset` must not be smaller than the last one asked for. */
  at(offset: number): number {
    while (this.#next !== -1 && this.#next < offset) {
      this.#line += 1;
      this.#next = this.#text.indexOf("\n", this.#next + 1);
    }
    return this.#line;
  }
}
