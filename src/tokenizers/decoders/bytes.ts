/** Decoders of tokens that stand for bytes. Reference: Rust `tokenizers`, pre_tokenizers/byte_level and decoders/byte_fallback. */
import { charactersAsBytes } from "../byte-characters.ts";

/** ByteLevel: the visible characters back to bytes, all tokens together; what is not UTF-8 becomes "\uFFFD". */
export function byteLevelDecoder(tokens: readonly string[]): string[] {
  const encoder = new TextEncoder();
  const bytes = tokens.flatMap((token) => charactersAsBytes(token) ?? [...encoder.encode(token)]);
  return [new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes))];
}

/** ByteFallback: a run of tokens like "<0xE4>" becomes its text, or one "\uFFFD" a byte when it is not UTF-8. */
export function byteFallback(tokens: readonly string[]): string[] {
  const out: string[] = [];
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length > 0) out.push(...decodeRun(bytes));
    bytes = [];
  };
  for (const token of tokens) {
    const found = /^<0x([0-9a-f]{2}|\+[0-9a-f])>$/i.exec(token);
    if (found) {
      bytes.push(parseInt(found[1], 16));
    } else {
      flush();
      out.push(token);
    }
  }
  flush();
  return out;
}

function decodeRun(bytes: readonly number[]): string[] {
  try {
    return [new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))];
  } catch {
    return bytes.map(() => "\ufffd");
  }
}
