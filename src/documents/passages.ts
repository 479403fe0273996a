/**
 * Document → passages: stretches of its text small enough for one vector, cut where a reader would cut.
 *
 * A heading opens a passage; paragraphs and code blocks are packed until the passage is half full or the next one does not fit;
 * what is too long alone is cut between sentences (Intl.Segmenter) or lines of code, and a sentence too long alone between words.
 * Other units take a section, a paragraph, a sentence or a block of code as a passage, and cut it in the same way where it is too long.
 * Passages are slices of the document's text, so `text === document.text.slice(start, end)`.
 */
import { oneOf, SemspaceError, wholeNumber } from "../errors.ts";
import { lineAt, type Block, type Document } from "./document.ts";
import { cutBlock, type Unit } from "./units.ts";

/** One stretch of a document. */
export interface Passage {
  readonly text: string;
  readonly file: string;
  /** First and last line in the file, from 1. */
  readonly line: number;
  readonly endLine: number;
  /** First page, from 1, in a PDF. */
  readonly page?: number;
  /** `[start, end)` in the document's text, UTF-16 indices. */
  readonly start: number;
  readonly end: number;
  /** The headings above the passage, outermost first, joined by " › "; without those that its own text holds. */
  readonly heading?: string;
}

/** See {@link PassageOptions.unit}. */
export const passageUnits = ["passage", "heading", "paragraph", "sentence", "code"] as const;
export type PassageUnit = (typeof passageUnits)[number];

export interface PassageOptions {
  /**
   * What a passage is, as far as it is not too long. `passage` (default): paragraphs packed to about the same size. `heading`: a heading and all
   * up to the next one. `paragraph`: a paragraph, an item of code, a record, with the heading right above it. `sentence`: a sentence, a list
   * item or a heading; code stays whole. `code`: the blocks of code alone.
   */
  unit?: PassageUnit;
  /** Longest passage, in UTF-16 code units. Not used when `maxTokens` is given. */
  maxCharacters?: number;
  /** Longest passage in tokens, as `countTokens` counts them. */
  maxTokens?: number;
  /** Tokens of a text: `tokenCounter(tokenizer)` for those of a model, `countWords` for words, or a function of your own. */
  countTokens?: (text: string) => number;
  /** How much of the end of a passage the next one repeats at most, in the same unit; whole sentences or lines only. */
  overlap?: number;
}

/** About 150 words of English: long enough to say something, short enough to be about one thing. */
const DEFAULT_MAX_CHARACTERS = 800;

/** Characters that count as a token at least: to many a tokenizer a line of a megabyte without spaces is one unknown word. */
const MOST_CHARACTERS = 40;

/**
 * Cuts a document into passages, in order.
 * Throws `invalid-argument` for a limit below 1, an overlap of half the limit or more, and `maxTokens` without `countTokens`.
 */
export function passages(document: Document, options: PassageOptions = {}): Passage[] {
  const unit = oneOf("unit", options.unit ?? "passage", passageUnits);
  const limit = limits(options);
  const packer = new Packer(document, limit);
  const sentences = unit === "sentence";
  for (const block of document.blocks) {
    if (unit === "code" && block.kind !== "code") {
      if (block.kind === "heading") packer.heading(block);
      continue;
    }
    const alone = block.kind === "record" || (unit !== "passage" && unit !== "heading" && block.kind !== "heading");
    if (block.kind === "heading") packer.heading(block);
    else if (block.kind === "record" || unit === "code") packer.flush();
    if (unit === "passage") packer.startBlock();
    for (const piece of cutBlock(document.text, block, { ...limit, sentences })) {
      packer.add(piece);
      if (sentences && block.kind !== "code") packer.flush();
    }
    if (alone || sentences) packer.flush();
  }
  packer.flush();
  return packer.passages;
}

interface Limits {
  max: number;
  overlap: number;
  measure: (text: string, start: number, end: number) => number;
  /** What this many characters between two units add to a passage: all of them, or in tokens about nothing. */
  between: (characters: number) => number;
}

function limits({
  maxCharacters = DEFAULT_MAX_CHARACTERS,
  maxTokens,
  countTokens,
  overlap = 0,
}: PassageOptions): Limits {
  const max =
    maxTokens === undefined ? wholeNumber("maxCharacters", maxCharacters, 1) : wholeNumber("maxTokens", maxTokens, 1);
  wholeNumber("overlap", overlap);
  if (overlap * 2 >= max && overlap > 0) {
    throw new SemspaceError(
      "invalid-argument",
      `overlap must be less than half of the longest passage (${max}), got ${overlap}.`,
    );
  }
  if (maxTokens === undefined) {
    return { max, overlap, measure: (_, start, end) => end - start, between: (characters) => characters };
  }
  if (!countTokens) {
    throw new SemspaceError(
      "invalid-argument",
      "maxTokens needs countTokens, a function that counts a text's tokens. Or use maxCharacters.",
    );
  }
  const measure = (text: string, start: number, end: number): number =>
    Math.max(countTokens(text.slice(start, end)), Math.ceil((end - start) / MOST_CHARACTERS));
  return { max, overlap, measure, between: () => 0 };
}

/** Collects units into passages. */
class Packer {
  readonly passages: Passage[] = [];
  readonly #document: Document;
  readonly #limits: Limits;
  #units: Unit[] = [];
  /** Of the units and of what stands between them. */
  #size = 0;
  /** Units at the front that the passage before holds too. */
  #repeated = 0;
  /** Headings above this point, by level, and how many of them are part of the passage being packed. */
  #headings: { level: number; title: string; start: number }[] = [];

  constructor(document: Document, limits: Limits) {
    this.#document = document;
    this.#limits = limits;
  }

  /** A heading ends the passage before it, unless that holds nothing but headings itself. */
  heading(block: Block): void {
    const onlyHeadings =
      this.#headings.length > 0 &&
      this.#units.every((unit) => this.#headings.some((heading) => heading.start === unit.start));
    if (!onlyHeadings) this.flush();
    const level = block.level ?? 1;
    this.#headings = this.#headings.filter((heading) => heading.level < level);
    const title = this.#document.text.slice(block.start, block.end).replace(/^\s*#+\s*|\s*#+\s*$|\n[-=\s]+$/g, "");
    this.#headings.push({ level, title, start: block.start });
  }

  /** A passage that is half full ends where a block ends. */
  startBlock(): void {
    if (this.#size * 2 >= this.#limits.max) this.flush();
  }

  add(unit: Unit): void {
    if (this.#units.length > 0 && this.#size + this.#gap(this.#units, unit) + unit.size > this.#limits.max) {
      const kept = this.#tail(unit);
      this.flush();
      this.#units = kept.units;
      this.#repeated = kept.units.length;
      this.#size = kept.size;
    }
    this.#size += this.#gap(this.#units, unit) + unit.size;
    this.#units.push(unit);
  }

  /** Ends the passage. */
  flush(): void {
    for (let from = 0; from < this.#units.length && this.#units.length > this.#repeated;) {
      const to = this.#fitting(from);
      this.#emit(this.#units[from], this.#units[to - 1]);
      from = to;
    }
    this.#units = [];
    this.#repeated = 0;
    this.#size = 0;
  }

  /** The end of the longest run of units from here that fits: a tokenizer may find more tokens in the whole than in its parts. */
  #fitting(from: number): number {
    const { max, measure } = this.#limits;
    const { text } = this.#document;
    let to = this.#units.length;
    while (to > from + 1 && measure(text, this.#units[from].start, this.#units[to - 1].end) > max) to -= 1;
    return to;
  }

  #emit({ start }: Unit, { end }: Unit): void {
    const { file, text, lines, pages } = this.#document;
    const heading = this.#headings
      .filter((above) => above.start < start)
      .map((above) => above.title)
      .join(" › ");
    const position = {
      file,
      line: lineAt(lines, start),
      endLine: lineAt(lines, end - 1),
      start,
      end,
      ...(pages && { page: lineAt(pages, start) }),
    };
    this.passages.push({ text: text.slice(start, end), ...position, ...(heading && { heading }) });
  }

  /** What stands between the last of these units and the next one. */
  #gap(units: readonly Unit[], next: Unit): number {
    const last = units.at(-1);
    return last ? this.#limits.between(next.start - last.end) : 0;
  }

  /** The last units that the passage with `next` may repeat and still take it. */
  #tail(next: Unit): { units: Unit[]; size: number } {
    const { max, overlap } = this.#limits;
    const most = Math.min(overlap, max - next.size - this.#gap(this.#units, next));
    let from = this.#units.length;
    let size = 0;
    while (from > 1) {
      const unit = this.#units[from - 1];
      const more = unit.size + (from < this.#units.length ? this.#gap([unit], this.#units[from]) : 0);
      if (size + more > most) break;
      size += more;
      from -= 1;
    }
    return { units: this.#units.slice(from), size };
  }
}
