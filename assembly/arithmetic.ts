/** What the training kernels share: four sums at once, the sigmoid, random numbers, and a product of probabilities. */

/** The sums of the lanes of four vectors. */
// @ts-ignore: decorator
@inline
export function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** e^x for x held within ±80, to about 2e-7: 2^whole × a polynomial of the rest. */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  const held = f32x4.max(f32x4.min(x, f32x4.splat(80)), f32x4.splat(-80));
  const power = f32x4.mul(held, f32x4.splat(1.4426950408889634));
  const whole = f32x4.nearest(power);
  const z = f32x4.sub(power, whole);
  let e = f32x4.add(f32x4.splat(0.009618129107628477), f32x4.mul(z, f32x4.splat(0.0013333558146428443)));
  e = f32x4.add(f32x4.splat(0.05550410866482158), f32x4.mul(z, e));
  e = f32x4.add(f32x4.splat(0.2402265069591007), f32x4.mul(z, e));
  e = f32x4.add(f32x4.splat(0.6931471805599453), f32x4.mul(z, e));
  e = f32x4.add(f32x4.splat(1), f32x4.mul(z, e));
  return i32x4.add(e, i32x4.shl(i32x4.trunc_sat_f32x4_s(whole), 23));
}

/** 1 / (1 + e^-x) for x held within ±14. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const held = f32x4.max(f32x4.min(x, f32x4.splat(14)), f32x4.splat(-14));
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exponential(f32x4.neg(held))));
}

/** SplitMix64 (Steele et al. 2014); its state is at `at`. */
// @ts-ignore: decorator
@inline
export function random(at: usize): u64 {
  const state = load<u64>(at) + 0x9e3779b97f4a7c15;
  store<u64>(at, state);
  let z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** 0 … limit − 1. */
// @ts-ignore: decorator
@inline
export function below(at: usize, limit: i32): i32 {
  return <i32>(((random(at) >> 32) * <u64>limit) >> 32);
}

/** Multiplies a probability to the product at `at` (float64, then its exponent as int32): one logarithm for a whole block. */
// @ts-ignore: decorator
@inline
export function multiply(at: usize, probability: f64): void {
  const product = load<f64>(at) * probability;
  store<f64>(at, product);
  if (product < 1e-200) normalize(at);
}

/** Moves the product's exponent to the counter behind it. */
export function normalize(at: usize): void {
  const product = load<f64>(at);
  if (!(product > 0)) return;
  const bits = reinterpret<u64>(product);
  store<i32>(at, load<i32>(at, 8) + <i32>(bits >> 52) - 1023, 8);
  store<f64>(at, reinterpret<f64>((bits & 0xfffffffffffff) | (<u64>1023 << 52)));
}
