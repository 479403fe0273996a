/**
 * Cuts a text into grapheme clusters (UAX 29) with `Intl.Segmenter`, but asks it only about the places where characters may join:
 * two ordinary characters never do, so most of a text needs no segmenter, which is slow. Characters newer than Unicode 16, the
 * version of the Rust tokenizers' segmenter, join with nothing, as an unassigned character does there.
 */
import { classSource } from "./unicode.ts";

/** Characters that can join to a neighbour: marks, joiners and other format characters, Hangul letters, flags, emoji modifiers, CR and LF. */
const joining =
  String.raw`\p{M}\p{Cf}\p{Emoji_Modifier}\p{Regional_Indicator}\r\n\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb\u0e33\u0eb3\uff9e\uff9f` +
  String.raw`\u0d4e\u{111c2}\u{111c3}\u{1193f}\u{11941}\u{113d1}\u{11a3a}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}`;

interface Tools {
  segmenter: Intl.Segmenter;
  /** Joining characters with one neighbour on each side. */
  region: RegExp;
}

/** Length of the texts that the segmenter gets, in UTF-16 units; doubled for a cluster that is longer. */
const firstWindow = 256;

let tools: Tools | undefined;

/** The clusters in order; together they are the text. */
export function* graphemes(text: string): Generator<string> {
  tools ??= makeTools();
  let done = 0;
  for (const match of text.matchAll(tools.region)) {
    yield* text.slice(done, match.index);
    yield* segmented(match[0], tools.segmenter);
    done = match.index + match[0].length;
  }
  yield* text.slice(done);
}

/** The segmenter takes time for each cluster that grows with the text, so it gets windows; a window's last cluster may go on, and is done again. */
function* segmented(text: string, segmenter: Intl.Segmenter): Generator<string> {
  let size = firstWindow;
  for (let start = 0; start < text.length;) {
    const window = text.slice(start, start + size);
    const isLast = start + size >= text.length;
    let done = 0;
    for (const { segment } of segmenter.segment(window)) {
      if (!isLast && done + segment.length === window.length) break;
      yield segment;
      done += segment.length;
    }
    size = done === 0 ? size * 2 : firstWindow;
    start += done;
  }
}

function makeTools(): Tools {
  const known = `[^${classSource("newer")}]`;
  const joins = `[[${joining}]--[${classSource("newer")}]]`;
  return {
    segmenter: new Intl.Segmenter("und", { granularity: "grapheme" }),
    region: new RegExp(`${known}?(?:${joins}+${known}?)+`, "gv"),
  };
}
