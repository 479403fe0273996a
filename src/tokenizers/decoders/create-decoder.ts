/** From the `decoder` part of a tokenizer.json to the function that makes text of tokens. */
import { readPattern } from "../pre-tokenizers/split.ts";
import { makePart, type Part, readParts, text as textField } from "../tokenizer-json.ts";
import { byteFallback, byteLevelDecoder } from "./bytes.ts";
import type { Decoder } from "./decoder.ts";
import { bpeDecoder, fuse, metaspaceDecoder, strip } from "./marks.ts";
import { ctc, wordPieceDecoder } from "./word-piece.ts";

/** Throws `unsupported` for an unknown type, `invalid-file` for a malformed part. */
export function createDecoder(json: Part): Decoder {
  return makePart(json, "decoder", {
    BPEDecoder: bpeDecoder,
    ByteFallback: () => byteFallback,
    ByteLevel: () => byteLevelDecoder,
    CTC: ctc,
    Fuse: () => fuse,
    Metaspace: metaspaceDecoder,
    Replace: replace,
    Sequence: sequence,
    Strip: strip,
    WordPiece: wordPieceDecoder,
  });
}

function sequence(json: Part): Decoder {
  const steps = readParts(json, "decoders").map(createDecoder);
  return (tokens) => steps.reduce<string[]>((now, step) => step(now), [...tokens]);
}

function replace(json: Part): Decoder {
  const pattern = readPattern(json);
  const content = textField(json, "content");
  return (tokens) => tokens.map((token) => token.replace(pattern, () => content));
}
