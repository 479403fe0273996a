/** Where ranking's numbers lie in its block of parameters; src/kernels/ranking.ts writes them. */

/** [rows, columns] of float32, and their derivative. */
// @ts-ignore: decorator
@inline
export function queries(p: usize): usize {
  return load<u32>(p, 0);
}
// @ts-ignore: decorator
@inline
export function queryGradients(p: usize): usize {
  return load<u32>(p, 4);
}
/** [documents, columns] of float32, and their derivative. */
// @ts-ignore: decorator
@inline
export function documents(p: usize): usize {
  return load<u32>(p, 8);
}
// @ts-ignore: decorator
@inline
export function documentGradients(p: usize): usize {
  return load<u32>(p, 12);
}
// @ts-ignore: decorator
@inline
export function rows(p: usize): i32 {
  return load<i32>(p, 16);
}
// @ts-ignore: decorator
@inline
export function documentCount(p: usize): i32 {
  return load<i32>(p, 20);
}
/** A multiple of 8. */
// @ts-ignore: decorator
@inline
export function columns(p: usize): i32 {
  return load<i32>(p, 24);
}
/** How many lengths of vectors are compared. */
// @ts-ignore: decorator
@inline
export function cuts(p: usize): i32 {
  return load<i32>(p, 28);
}
/** The first `length` dimensions of cut t, ascending multiples of 8, the last is all columns; then each one's weight. */
// @ts-ignore: decorator
@inline
export function cutLength(p: usize, t: i32): i32 {
  return t < 0 ? 0 : load<i32>(load<u32>(p, 32) + ((<usize>t) << 2));
}
// @ts-ignore: decorator
@inline
export function cutWeight(p: usize, t: i32): f32 {
  return load<f32>(load<u32>(p, 36) + ((<usize>t) << 2));
}
// @ts-ignore: decorator
@inline
export function scale(p: usize): f32 {
  return load<f32>(p, 40);
}
/** Whether vectors are compared by their cosine; else by their product. */
// @ts-ignore: decorator
@inline
export function isCosine(p: usize): bool {
  return load<i32>(p, 44) != 0;
}
/** Documents in panels of 8, [panels, columns, 8]: what scores are made of. */
// @ts-ignore: decorator
@inline
export function panels(p: usize): usize {
  return load<u32>(p, 48);
}
/** Documents in panels of 8 columns, [columns / 8, padded documents, 8]: what the queries' derivative is made of. */
// @ts-ignore: decorator
@inline
export function columnPanels(p: usize): usize {
  return load<u32>(p, 52);
}
/** One over each vector's length, by cut: [cuts, rows] and [cuts, padded documents]. */
// @ts-ignore: decorator
@inline
export function queryInverses(p: usize): usize {
  return load<u32>(p, 56);
}
// @ts-ignore: decorator
@inline
export function documentInverses(p: usize): usize {
  return load<u32>(p, 60);
}
/** A part's own memory, `partBytes` each: its sum of losses (f64), its share of the documents' derivative, and what it scribbles on. */
// @ts-ignore: decorator
@inline
export function partMemory(p: usize, part: i32): usize {
  return <usize>load<u32>(p, 64) + <usize>part * <usize>load<u32>(p, 68);
}
/** Documents rounded up to a multiple of 8. */
// @ts-ignore: decorator
@inline
export function padded(p: usize): i32 {
  return (documentCount(p) + 7) & ~7;
}
