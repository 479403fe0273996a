/**
 * Decimal numbers from bytes, without a string between: as fast as the bytes come in. The value is that of `Math.fround(Number(text))`:
 * up to 2^53 and 10^22 the quotient of two exact doubles is rounded once; anything longer goes through `Number`.
 */

const powers = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));
const exactInteger = 2 ** 53;

const SPACE = 32;
const TAB = 9;
const MINUS = 45;
const PLUS = 43;
const POINT = 46;
const LOWER_E = 101;
const UPPER_E = 69;

/** The spellings that Python, C and JavaScript write for what is no number. */
const named = new Map([
  ["nan", Number.NaN],
  ["-nan", Number.NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
  ["infinity", Infinity],
  ["-infinity", -Infinity],
]);

/**
 * Reads `count` numbers with one space or tab between them into `out`. Gives the place behind the last one, or -1 when the line is made
 * otherwise. `bytes` must have a line feed behind the line, which ends every loop.
 */
export function readNumbers(
  bytes: Uint8Array,
  start: number,
  { out, from, count }: { out: Float32Array; from: number; count: number },
): number {
  let at = start;
  for (let k = from, end = from + count; k < end; k += 1) {
    if (k > from) {
      if (bytes[at] !== SPACE && bytes[at] !== TAB) return -1;
      at += 1;
    }
    const field = at;
    let c = bytes[at];
    const negative = c === MINUS;
    if (negative || c === PLUS) c = bytes[++at];
    let mantissa = 0;
    let digits = 0;
    let scale = 0;
    for (; c >= 48 && c <= 57; digits += 1) {
      mantissa = mantissa * 10 + (c - 48);
      c = bytes[++at];
    }
    if (c === POINT) {
      const whole = digits;
      c = bytes[++at];
      for (; c >= 48 && c <= 57; digits += 1) {
        mantissa = mantissa * 10 + (c - 48);
        c = bytes[++at];
      }
      scale = digits - whole;
    }
    if (digits === 0 || c === LOWER_E || c === UPPER_E || mantissa > exactInteger || scale > 22) {
      at = fieldEnd(bytes, field);
      const value = parseField(bytes, field, at);
      if (value === undefined) return -1;
      out[k] = value;
    } else {
      const value = scale > 0 ? mantissa / powers[scale] : mantissa;
      out[k] = negative ? -value : value;
    }
  }
  return at;
}

/** The number in these bytes; undefined when they are none. */
export function parseField(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (start === end || end - start > 400) return undefined;
  let text = "";
  for (let i = start; i < end; i += 1) text += String.fromCharCode(bytes[i]);
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return Number(text);
  return named.get(text.toLowerCase());
}

function fieldEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] > SPACE) at += 1;
  return at;
}
