/**
 * A block → units, the pieces that passages are packed from: the block itself when it fits, else its list items and sentences or its lines
 * of code, and what is still too long cut between words, or anywhere when it has none.
 */
import { firstNonSpace, lastNonSpace, type Block } from "./document.ts";

/** A stretch of the text and its size in the caller's measure. */
export interface Unit {
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

export interface UnitOptions {
  /** Largest size of a unit. */
  max: number;
  /** Size of `[start, end)`; that of a stretch is taken to be about the sum of its parts. */
  measure: (text: string, start: number, end: number) => number;
  /** Cut between sentences, lines of lists and rows of tables also what would fit; code is not cut for that. */
  sentences?: boolean;
}

/** Long blocks are looked at in windows, so that a line of 50 MB needs memory for one window and is never measured whole. */
const WINDOW = 1 << 15;

export function* cutBlock(text: string, block: Block, options: UnitOptions): Generator<Unit> {
  const { max, measure } = options;
  const always = options.sentences === true && (block.kind === "paragraph" || block.kind === "record");
  for (const window of windows(text, block)) {
    const whole = trimmed(text, window, measure);
    if (!whole) continue;
    if (whole.size <= max && !always) {
      yield whole;
      continue;
    }
    for (const piece of block.kind === "code" ? lines(text, whole) : items(text, whole)) {
      const unit = trimmed(text, piece, measure);
      if (!unit) continue;
      if (unit.size <= max && !always) yield unit;
      else if (block.kind === "code") yield* wordRuns(text, unit, options);
      else yield* sentenceUnits(text, unit, options);
    }
  }
}

function* sentenceUnits(text: string, unit: Unit, options: UnitOptions): Generator<Unit> {
  for (const sentence of sentences(text, unit)) {
    const part = trimmed(text, sentence, options.measure);
    if (part) yield* wordRuns(text, part, options);
  }
}

interface Range {
  start: number;
  end: number;
}

/** Cuts `[start, end)` into stretches of at most {@link WINDOW}, after white space where there is some. */
function* windows(text: string, { start, end }: Range): Generator<Range> {
  for (let at = start; at < end;) {
    const stop = at + WINDOW >= end ? end : cutBefore(text, at, at + WINDOW);
    yield { start: at, end: stop };
    at = stop;
  }
}

function trimmed(text: string, range: Range, measure: UnitOptions["measure"]): Unit | undefined {
  const start = firstNonSpace(text, range.start, range.end);
  const end = lastNonSpace(text, start, range.end);
  return start < end ? { start, end, size: measure(text, start, end) } : undefined;
}

/** The items of a list, the rows of a table, and what stands before them; a paragraph without any is one. */
function* items(text: string, { start, end }: Range): Generator<Range> {
  let from = start;
  for (const { index } of text.slice(start, end).matchAll(/\n(?=[ \t]*(?:[-*+•] |\d+[.)] |\|))/g)) {
    yield { start: from, end: start + index };
    from = start + index + 1;
  }
  yield { start: from, end };
}

/** Sentences of any language. A line break inside a paragraph is no end of a sentence, though Unicode's rules say so. */
function* sentences(text: string, { start, end }: Range): Generator<Range> {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
  const flowing = text.slice(start, end).replace(/[\r\n]/g, " ");
  for (const { index, segment } of segmenter.segment(flowing)) {
    yield { start: start + index, end: start + index + segment.length };
  }
}

function* lines(text: string, { start, end }: Range): Generator<Range> {
  for (let at = start; at < end;) {
    const newline = text.indexOf("\n", at);
    const stop = newline === -1 || newline >= end ? end : newline + 1;
    yield { start: at, end: stop };
    at = stop;
  }
}

/** Cuts a stretch between words into as many equal parts as should fit, and again where one does not. */
function* wordRuns(text: string, unit: Unit, options: UnitOptions): Generator<Unit> {
  const length = unit.end - unit.start;
  if (unit.size <= options.max || length < 2) {
    yield unit;
    return;
  }
  const step = Math.max(1, Math.floor(length / Math.ceil(unit.size / options.max)));
  for (let at = unit.start; at < unit.end;) {
    const stop = unit.end - at <= step ? unit.end : cutBefore(text, at, at + step);
    const part = trimmed(text, { start: at, end: stop }, options.measure);
    if (part) yield* wordRuns(text, part, options);
    at = stop;
  }
}

/** The place at or before `at` to cut: after white space in the second half of the stretch, else `at`, but not inside a surrogate pair. */
function cutBefore(text: string, start: number, at: number): number {
  const least = start + ((at - start) >> 1);
  for (let i = at; i > least; i -= 1) {
    const code = text.charCodeAt(i - 1);
    if (code === 32 || (code >= 9 && code <= 13)) return i;
  }
  const low = text.charCodeAt(at) & 0xfc00;
  return low === 0xdc00 && at - 1 > start ? at - 1 : at;
}
