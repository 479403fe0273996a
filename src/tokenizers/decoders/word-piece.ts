/** The decoders that put words together and tidy up around punctuation. Reference: Rust `tokenizers`, decoders/wordpiece and decoders/ctc. */
import { flag, type Part, text as textField } from "../tokenizer-json.ts";
import type { Decoder } from "./decoder.ts";

const tidied: readonly (readonly [string, string])[] = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/** WordPiece: a token with the prefix joins the one before, any other follows after a space. */
export function wordPieceDecoder(json: Part): Decoder {
  const prefix = textField(json, "prefix", "##");
  const cleanup = flag(json, "cleanup", true);
  return (tokens) =>
    tokens.map((token, i) => {
      let text = token;
      if (i > 0) text = token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
      return cleanup ? tidy(text) : text;
    });
}

/** CTC: repeated tokens count once, padding is dropped, the delimiter becomes a space. */
export function ctc(json: Part): Decoder {
  const padding = textField(json, "pad_token", "<pad>");
  const delimiter = textField(json, "word_delimiter_token", "|");
  const cleanup = flag(json, "cleanup", true);
  return (tokens) =>
    tokens
      .filter((token, i) => i === 0 || token !== tokens[i - 1])
      .map((token) => token.replaceAll(padding, ""))
      .map((token) => (cleanup ? tidy(token).replaceAll(delimiter, " ") : token))
      .filter((token) => token !== "");
}

function tidy(text: string): string {
  return tidied.reduce((now, [from, to]) => now.replaceAll(from, to), text);
}
