import { expect, test } from "vitest";
import { placeQuantized, quantizedBytes, quantizedLength, quantizedMatrix } from "./quantized-weights.ts";

const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898) * 3);

test("every weight is within half a step of its output, in either layout", () => {
  const [inputs, outputs] = [7, 5];
  const weights = numbers(inputs * outputs);
  for (const transposed of [true, false]) {
    const { values, scales } = quantizedMatrix(weights, { inputs, outputs, transposed });
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        const weight = weights[transposed ? o * inputs + i : i * outputs + o];
        expect(Math.abs(values[i * outputs + o] * scales[o] - weight)).toBeLessThan(scales[o] * 0.5001);
      }
    }
    expect(Math.max(...values.map(Math.abs))).toBe(64);
  }
});

test("an output whose weights are all zero stays zero", () => {
  const { values, scales } = quantizedMatrix(new Float32Array(6), { inputs: 3, outputs: 2, transposed: true });
  expect([...values, ...scales]).toEqual(Array(8).fill(0));
});

test("the file is made tensor by tensor: one is read when the one before has been taken", async () => {
  const first = placeQuantized({ name: "a", inputs: 30, outputs: 10, transposed: true }, undefined);
  const second = placeQuantized({ name: "b", inputs: 10, outputs: 30, transposed: true }, first);
  const read: string[] = [];
  const pieces = quantizedBytes([first, second], async (name) => {
    read.push(name);
    return numbers(300);
  });
  const one = await pieces.next();
  expect(read).toEqual(["a"]);
  const two = await pieces.next();
  expect(read).toEqual(["a", "b"]);
  expect((one.value as Uint8Array).length).toBe(second.values.offset);
  expect((one.value as Uint8Array).length + (two.value as Uint8Array).length).toBe(quantizedLength([first, second]));
  for (const { values, scales } of [first, second]) {
    expect(values.offset % 64).toBe(0);
    expect(scales.offset % 64).toBe(0);
  }
});
