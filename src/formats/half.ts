/**
 * The 16-bit floats of model files: IEEE binary16 (`F16`) and bfloat16 (`BF16`), to and from float32.
 * Narrowing rounds to nearest, ties to even, as PyTorch and numpy do; NaN stays NaN, what is too large becomes infinite.
 */

/** binary16 bit patterns → float32 values, all exact. */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  const out = new Float32Array(bits.length);
  const outBits = new Uint32Array(out.buffer);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i];
    // Exponent and mantissa shifted into place are the value times 2^-112; the product is exact, also for subnormals.
    outBits[i] = (half & 0x7fff) << 13;
    if ((half & 0x7c00) === 0x7c00) outBits[i] |= 0x7f800000;
    else out[i] *= 2 ** 112;
    outBits[i] |= (half & 0x8000) << 16;
  }
  return out;
}

/** bfloat16 bit patterns → float32 values, all exact. */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array {
  const out = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = bits[i] << 16;
  return new Float32Array(out.buffer);
}

/** float32 values → binary16 bit patterns. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  const value = new Float32Array(1);
  const word = new Uint32Array(value.buffer);
  for (let i = 0; i < values.length; i++) {
    value[0] = values[i];
    const sign = (word[0] >>> 16) & 0x8000;
    const magnitude = word[0] & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      out[i] = sign | 0x7e00;
    } else if (magnitude >= 0x477ff000) {
      out[i] = sign | 0x7c00;
    } else if (magnitude < 0x38800000) {
      // Below 2^-14 the result is a multiple of 2^-24: adding 0.5 makes the float adder round to just that.
      word[0] = magnitude;
      value[0] += 0.5;
      out[i] = sign | (word[0] - 0x3f000000);
    } else {
      const ties = (magnitude >>> 13) & 1;
      out[i] = sign | ((magnitude - 0x38000000 + 0xfff + ties) >>> 13);
    }
  }
  return out;
}

/** float32 values → bfloat16 bit patterns. */
export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const isNaN = (word & 0x7fffffff) > 0x7f800000;
    out[i] = isNaN ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return out;
}
