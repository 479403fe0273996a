/**
 * Arrays that numpy keeps in Fortran order (the first index runs fastest, as in the transpose of an array), brought into row-major
 * order (the last index runs fastest).
 */

/** Writes the values of an array of this shape to `target` in row-major order; both have one value for each place of the shape. */
export function toRowMajor<T extends { readonly length: number; [index: number]: number | bigint }>(
  source: T,
  target: T,
  shape: readonly number[],
): T {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  const at = shape.map(() => 0);
  let place = 0;
  for (let i = 0; i < source.length; i += 1) {
    target[place] = source[i];
    for (let axis = 0; axis < shape.length; axis += 1) {
      at[axis] += 1;
      place += steps[axis];
      if (at[axis] < shape[axis]) break;
      at[axis] = 0;
      place -= steps[axis] * shape[axis];
    }
  }
  return target;
}
