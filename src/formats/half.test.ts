import { expect, test } from "vitest";
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "./half.ts";

const everyPattern = Uint16Array.from({ length: 65536 }, (_, i) => i);

/** The definition, in doubles: sign, exponent, mantissa. */
function binary16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Infinity;
  return sign * (exponent ? (1 + mantissa / 1024) * 2 ** (exponent - 15) : mantissa * 2 ** -24);
}

test("every binary16 pattern widens to the value that its definition gives", () => {
  const values = float16ToFloat32(everyPattern);
  expect(everyPattern.every((bits, i) => Object.is(values[i], binary16(bits)))).toBe(true);
});

test("every binary16 and bfloat16 value that is a number survives the way there and back", () => {
  for (const [widen, narrow] of [
    [float16ToFloat32, float32ToFloat16],
    [bfloat16ToFloat32, float32ToBfloat16],
  ] as const) {
    const values = widen(everyPattern);
    const back = narrow(values);
    expect(everyPattern.filter((bits, i) => back[i] !== bits && !Number.isNaN(values[i]))).toHaveLength(0);
    expect(widen(back).every((value, i) => Number.isNaN(value) === Number.isNaN(values[i]))).toBe(true);
  }
});

test("narrowing to binary16 rounds to nearest and ties to even", () => {
  const values = Float32Array.of(
    1 + 2 ** -11,
    1 + 3 * 2 ** -11,
    1 + 2 ** -11 + 2 ** -20,
    65519.99,
    65520,
    2 ** -25,
    2 ** -25 * 1.01,
    -1e-9,
  );
  expect([...float16ToFloat32(float32ToFloat16(values))]).toEqual([
    1,
    1 + 2 ** -9,
    1 + 2 ** -10,
    65504,
    Infinity,
    0,
    2 ** -24,
    -0,
  ]);
});

test("narrowing to bfloat16 rounds to nearest and ties to even", () => {
  const values = Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, 3.4e38, -2.5);
  expect([...bfloat16ToFloat32(float32ToBfloat16(values))]).toEqual([1, 1 + 2 ** -6, 1 + 2 ** -7, Infinity, -2.5]);
});
