import { expect, test } from "vitest";
import { type OnnxGraph, writeOnnx } from "./onnx-writer.ts";

const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);

const graph: OnnxGraph = {
  inputs: [{ name: "x", type: "float32", shape: ["rows", 2] }],
  outputs: [{ name: "y", type: "float32", shape: ["rows", 2] }],
  nodes: [
    {
      operator: "Scale",
      domain: "com.microsoft",
      inputs: ["x", "w"],
      outputs: ["y"],
      attributes: { scale: { float: 0.5 }, axis: { int: -1 } },
    },
  ],
  constants: new Map([["c", { type: "int64", shape: [2], values: [-1, 300] }]]),
  weights: new Map([["w", { type: "float16", shape: [2], file: "weights", offset: 5_000_000_000, length: 4 }]]),
};

/** A protobuf message as field number → values, nested messages as bytes. */
function fields(bytes: Uint8Array): Map<number, (bigint | Uint8Array)[]> {
  const found = new Map<number, (bigint | Uint8Array)[]>();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
    }
  };
  const take = (length: number) => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const key = Number(varint());
    const value = (key & 7) === 0 ? varint() : take((key & 7) === 5 ? 4 : Number(varint()));
    found.set(key >> 3, [...(found.get(key >> 3) ?? []), value]);
  }
  return found;
}

const inside = (message: Map<number, (bigint | Uint8Array)[]>, field: number, i = 0) =>
  fields(message.get(field)![i] as Uint8Array);

test("the model says its version, the operator sets of its nodes, and its graph", () => {
  const model = fields(writeOnnx(graph));
  expect(model.get(1)).toEqual([9n]);
  const sets = model.get(8)!.map((bytes) => fields(bytes as Uint8Array));
  expect(sets.map((set) => [text(set.get(1)![0] as Uint8Array), set.get(2)![0]])).toEqual([
    ["", 20n],
    ["com.microsoft", 1n],
  ]);
  const node = inside(inside(model, 7), 1);
  expect(node.get(1)!.map((bytes) => text(bytes as Uint8Array))).toEqual(["x", "w"]);
  expect(text(node.get(4)![0] as Uint8Array)).toBe("Scale");
  expect(new DataView((inside(node, 5).get(2)![0] as Uint8Array).slice().buffer).getFloat32(0, true)).toBe(0.5);
  expect(inside(node, 5, 1).get(3)).toEqual([-1n]);
});

test("weights are ranges of a file beside the model, beyond 4 GB too, and constants lie in it", () => {
  const written = inside(fields(writeOnnx(graph)), 7);
  const constant = inside(written, 5);
  expect([...new BigInt64Array((constant.get(9)![0] as Uint8Array).slice().buffer)]).toEqual([-1n, 300n]);
  const weight = inside(written, 5, 1);
  expect(weight.get(2)).toEqual([10n]);
  const entries = weight
    .get(13)!
    .map((bytes) => [...fields(bytes as Uint8Array).values()].map(([value]) => text(value as Uint8Array)));
  expect(entries).toEqual([
    ["location", "weights"],
    ["offset", "5000000000"],
    ["length", "4"],
  ]);
  expect(weight.get(14)).toEqual([1n]);
});

test("a constant whose values do not fill its shape is refused", () => {
  const constants = new Map([["c", { type: "int32", shape: [3], values: [1] } as const]]);
  expect(() => writeOnnx({ ...graph, constants })).toThrow("Constant c of shape [3] needs 3 values, got 1.");
});
