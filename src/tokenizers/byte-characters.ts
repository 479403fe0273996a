/**
 * GPT-2's alphabet: each byte as one visible character. Printable Latin-1 characters stand for themselves, the other 68 bytes are
 * U+0100 and up in their order, so a space is "Ġ". Reference: openai/gpt-2, encoder.py, bytes_to_unicode.
 */
const encoder = new TextEncoder();
let alphabet: string[] | undefined;
let bytes: Map<string, number> | undefined;

/** The 256 characters, by byte. */
export function byteAlphabet(): readonly string[] {
  if (alphabet) return alphabet;
  let next = 0x100;
  alphabet = Array.from({ length: 256 }, (_, byte) => {
    const isVisible = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    if (isVisible) return String.fromCharCode(byte);
    next += 1;
    return String.fromCharCode(next - 1);
  });
  return alphabet;
}

/** The UTF-8 bytes of a text, each as its visible character. */
export function bytesAsCharacters(text: string): string {
  const characters = byteAlphabet();
  let out = "";
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) out += characters[code];
    else if (code < 0x800) out += characters[0xc0 | (code >> 6)] + characters[0x80 | (code & 0x3f)];
    else return out + encodedCharacters(text.slice(at), characters);
  }
  return out;
}

/** TextEncoder costs more than it saves on the short words that are most of a text; here are the others. */
function encodedCharacters(text: string, characters: readonly string[]): string {
  let out = "";
  for (const byte of encoder.encode(text)) out += characters[byte];
  return out;
}

/** The bytes that a text of visible characters stands for; undefined when a character is none of them. */
export function charactersAsBytes(text: string): number[] | undefined {
  bytes ??= new Map(byteAlphabet().map((character, byte) => [character, byte]));
  const out: number[] = [];
  for (const character of text) {
    const byte = bytes.get(character);
    if (byte === undefined) return undefined;
    out.push(byte);
  }
  return out;
}
