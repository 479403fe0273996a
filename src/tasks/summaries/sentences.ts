/**
 * A text → its sentences with their places, by Unicode's rules (`Intl.Segmenter`). What differs: a line break inside a paragraph ends nothing,
 * an empty line ends every sentence, and an abbreviation or an initial before a capital letter does not end one.
 */

/** `text.slice(start, end)`, in UTF-16 units. */
export interface Sentence {
  text: string;
  start: number;
  end: number;
}

const abbreviation =
  /(?:^|[\s(])(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Rev|Gen|Col|Lt|Sgt|Capt|Gov|Sen|Rep|Hon|vs|etc|cf|ca|al|approx|e\.g|i\.e|U\.S|U\.K|No|Vol|Fig|pp?|ed|eds|trans|Inc|Ltd|Co|Corp|[ap]\.m|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.\s*$/u;

/** Sentences without the white space around them; a stretch without a letter or digit is none. */
export function sentencesOf(text: string): Sentence[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
  const found: Sentence[] = [];
  for (const { start, end } of paragraphs(text)) {
    const flowing = text.slice(start, end).replace(/[\r\n]/g, " ");
    let from = 0;
    for (const { index, segment } of segmenter.segment(flowing)) {
      const to = index + segment.length;
      if (to < flowing.length && abbreviation.test(flowing.slice(Math.max(from, to - 12), to))) continue;
      const sentence = trimmed(text, start + from, start + to);
      if (sentence) found.push(sentence);
      from = to;
    }
  }
  return found;
}

function* paragraphs(text: string): Generator<{ start: number; end: number }> {
  let start = 0;
  for (const { 0: gap, index } of text.matchAll(/\r?\n[ \t]*\r?\n\s*/g)) {
    yield { start, end: index };
    start = index + gap.length;
  }
  yield { start, end: text.length };
}

function trimmed(text: string, start: number, end: number): Sentence | undefined {
  const own = text.slice(start, end);
  if (!/[\p{L}\p{N}]/u.test(own)) return undefined;
  const lead = own.length - own.trimStart().length;
  const inner = own.trim();
  return { text: inner, start: start + lead, end: start + lead + inner.length };
}
