/** Tensors whose values do not lie row-major: views of PyTorch, as `weight.t()` leaves them in a file. */

/** Shape, the step in values along each axis, and the bytes of a value. */
export interface StridedLayout {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly width: number;
}

/** Bytes from the first value to the end of the last one. */
export function spanBytes({ shape, strides, width }: StridedLayout): number {
  if (shape.includes(0)) return 0;
  return (shape.reduce((last, size, axis) => last + (size - 1) * strides[axis], 0) + 1) * width;
}

/** Whether the values lie row-major without gaps; along an axis of one value the step means nothing. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis];
  }
  return true;
}

/** The values of `bytes`, which begin with the first one, row-major. */
export function packed(bytes: Uint8Array, { shape, strides, width }: StridedLayout): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const out = new Uint8Array(count * width);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to += width) {
    for (let i = 0; i < width; i += 1) out[to + i] = bytes[from + i];
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      index[axis] += 1;
      from += strides[axis] * width;
      if (index[axis] < shape[axis]) break;
      from -= index[axis] * strides[axis] * width;
      index[axis] = 0;
    }
  }
  return out;
}
