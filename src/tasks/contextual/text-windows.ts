/**
 * A text longer than its model takes, as windows that overlap by a quarter: of a token that stands in two of them the one with more text
 * on both sides counts. Special tokens are those of the first window's start and the last one's end.
 */
import type { Encoding, Tokenizer } from "../../tokenizers/index.ts";

/** A stretch of tokens of a window, [from, to), that counts. */
export interface Window {
  readonly encoding: Encoding;
  readonly from: number;
  readonly to: number;
}

/** The text in one window, or in several whose stretches follow each other without a gap. */
export function textWindows(tokenizer: Tokenizer, text: string, maxLength: number | undefined): Window[] {
  const encoding = tokenizer.encode(text, { truncation: undefined });
  if (maxLength === undefined || encoding.length <= maxLength) return [{ encoding, from: 0, to: encoding.length }];
  const stride = Math.floor((maxLength - tokenizer.addedTokenCount()) / 4);
  const first = tokenizer.encode(text, { truncation: { maxLength, stride } });
  const all = [first, ...first.overflowing];
  const half = Math.floor(stride / 2);
  return all.map((window, i) => ({
    encoding: window,
    from: i === 0 ? 0 : window.specialTokensMask.indexOf(0) + half,
    to: i === all.length - 1 ? window.length : window.specialTokensMask.lastIndexOf(0) + 1 - (stride - half),
  }));
}
