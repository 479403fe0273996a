import { expect, test } from "vitest";
import { createReferenceProducts, createWasmProducts, type RowProducts } from "./products.ts";

const values = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898) * Math.cos(i * 0.37));

/** What both calls give for rows 4 … of the table, without the padding. */
function used(products: RowProducts, { columns, outputs }: { columns: number; outputs: number }): number[][] {
  const others = values(outputs * columns).toReversed();
  for (let c = 0; c < outputs; c += 1)
    products.others.set(others.subarray(c * columns, (c + 1) * columns), c * products.stride);
  const given = products.multiply(4, 8, outputs);
  const scores = Array.from(given);
  for (let i = 0; i < given.length; i += 1) given[i] = Math.cos(i);
  products.addWeighted(4, 8, outputs);
  const sums = Array.from({ length: outputs * columns }, (_, i) => {
    const [c, j] = [Math.floor(i / columns), i % columns];
    return products.sums[c * products.stride + j];
  });
  return [scores, sums];
}

test.each([
  { columns: 16, outputs: 1 },
  { columns: 7, outputs: 2 },
  { columns: 33, outputs: 5 },
])("WASM and TypeScript give the same products and weighted sums ($columns columns, $outputs outputs)", (shape) => {
  const table = { data: values(11 * shape.columns), rows: 11, columns: shape.columns };
  const [wasm, reference] = [createWasmProducts(table, 5)!, createReferenceProducts(table, 5)];
  const [a, b] = [used(wasm, shape), used(reference, shape)];
  // Row 11 is not there: zeros.
  expect(a[0].slice(7 * shape.outputs)).toEqual(Array.from({ length: shape.outputs }, () => 0));
  for (const part of [0, 1]) for (const [i, value] of a[part].entries()) expect(value).toBeCloseTo(b[part][i], 4);
});
