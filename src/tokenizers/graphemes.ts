/**
 * Cuts a text into grapheme clusters (UAX 29) with `Intl.Segmenter`, but asks it only about the places where characters may join:
 * two ordinary characters never do, so most of a text needs no segmenter, which is slow.
 */
let segmenter: Intl.Segmenter | undefined;

/** Characters that can join to a neighbour: marks, joiners and other format characters, Hangul letters, flags, emoji, CR and LF. */
const joining =
  /[\p{M}\p{Cf}\p{Emoji_Modifier}\p{Regional_Indicator}\r\n\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb\u0e33\u0eb3\uff9e\uff9f\u0d4e\u{111c2}\u{111c3}\u{1193f}\u{11941}\u{113d1}\u{11a3a}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]/u;
const region = new RegExp(`[^]?(?:${joining.source}+[^]?)+`, "gu");

/** The clusters in order; together they are the text. */
export function* graphemes(text: string): Generator<string> {
  let done = 0;
  if (joining.test(text)) {
    segmenter ??= new Intl.Segmenter("und", { granularity: "grapheme" });
    for (const match of text.matchAll(region)) {
      yield* characters(text.slice(done, match.index));
      for (const { segment } of segmenter.segment(match[0])) yield segment;
      done = match.index + match[0].length;
    }
  }
  yield* characters(text.slice(done));
}

function* characters(text: string): Generator<string> {
  yield* text;
}
