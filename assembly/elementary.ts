/** Natural logarithm and exponential in float32 to some 1e-7, from Cephes' polynomials: no tables, so no data in shared memory. */

/** ln x for a normal x > 0. */
// @ts-ignore: decorator
@inline
export function logarithm(x: f32): f32 {
  const bits = reinterpret<i32>(x);
  let exponent = (bits >> 23) - 127;
  let mantissa = reinterpret<f32>((bits & 0x007fffff) | 0x3f800000);
  if (mantissa > 1.41421356) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const f = mantissa - 1;
  const z = f * f;
  let y: f32 = 7.0376836292e-2;
  y = y * f - 1.151461031e-1;
  y = y * f + 1.167699874e-1;
  y = y * f - 1.2420140846e-1;
  y = y * f + 1.4249322787e-1;
  y = y * f - 1.6668057665e-1;
  y = y * f + 2.0000714765e-1;
  y = y * f - 2.4999993993e-1;
  y = y * f + 3.3333331174e-1;
  const e = <f32>exponent;
  y = y * f * z - e * 2.1219444e-4 - 0.5 * z;
  return f + y + e * 0.693359375;
}

/** e^x for x up to 88; below -87 it is that of -87. */
// @ts-ignore: decorator
@inline
export function exponential(value: f32): f32 {
  const x = max<f32>(value, -87);
  const n = nearest<f32>(x * 1.44269504);
  const r = x - n * 0.693359375 + n * 2.1219444e-4;
  let y: f32 = 1.98756915e-4;
  y = y * r + 1.3981999507e-3;
  y = y * r + 8.3334519073e-3;
  y = y * r + 4.1665795894e-2;
  y = y * r + 1.6666665459e-1;
  y = y * r + 5.0000001201e-1;
  y = y * r * r + r + 1;
  return y * reinterpret<f32>((<i32>n + 127) << 23);
}
