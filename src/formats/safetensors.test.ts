import { expect, test } from "vitest";
import { SemspaceError } from "../errors.ts";
import { float32ToBfloat16, float32ToFloat16 } from "./half.ts";
import { maxSafetensorsHeaderBytes } from "./safetensors-header.ts";
import { writeSafetensors } from "./safetensors-writer.ts";
import { openSafetensors } from "./safetensors.ts";
import type { FileSource } from "./tensor-file.ts";

function source(bytes: Uint8Array): FileSource {
  return {
    name: "(test)",
    read: (_path, range) => Promise.resolve(range ? bytes.slice(range.offset, range.offset + range.length) : bytes),
    size: (path) => Promise.resolve(path === "model.safetensors" ? bytes.length : undefined),
  };
}

const open = (bytes: Uint8Array) => openSafetensors(source(bytes), "model.safetensors");

function file(header: unknown, dataLength: number, claimed?: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const out = new Uint8Array(8 + json.length + dataLength);
  new DataView(out.buffer).setBigUint64(0, BigInt(claimed ?? json.length), true);
  out.set(json, 8);
  return out;
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await open(bytes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SemspaceError);
  expect((error as SemspaceError).code).toBe("invalid-file");
  return (error as SemspaceError).message;
}

const values = Float32Array.of(1.5, -2, 0.25, 1024);

test("what is written is read back, with its types, shapes and metadata", async () => {
  const bytes = writeSafetensors(
    {
      __proto__x: { dtype: "F32", shape: [2, 2], data: values },
      half: { dtype: "F16", shape: [4], data: float32ToFloat16(values) },
      brain: { dtype: "BF16", shape: [4, 1], data: float32ToBfloat16(values) },
      bytes: { dtype: "I8", shape: [3], data: Int8Array.of(-128, 0, 127) },
      mapping: { dtype: "I64", shape: [2], data: BigInt64Array.of(7n, -1n) },
      doubles: { dtype: "F64", shape: [1], data: Float64Array.of(0.1) },
      scalar: { dtype: "F32", shape: [], data: Float32Array.of(3) },
      empty: { dtype: "F32", shape: [0, 5], data: new Float32Array() },
    },
    { format: "pt" },
  );
  const opened = await open(bytes);
  expect([...opened.metadata]).toEqual([["format", "pt"]]);
  expect(opened.tensor("half").shape).toEqual([4]);
  for (const name of ["__proto__x", "half", "brain"])
    expect([...(await opened.readFloat32(name))]).toEqual([...values]);
  expect([...(await opened.readFloat32("bytes"))]).toEqual([-128, 0, 127]);
  expect([...(await opened.readInt32("bytes"))]).toEqual([-128, 0, 127]);
  expect([...(await opened.readInt32("mapping"))]).toEqual([7, -1]);
  expect([...(await opened.readFloat32("mapping"))]).toEqual([7, -1]);
  expect([...(await opened.readFloat32("doubles"))]).toEqual([Math.fround(0.1)]);
  expect([...(await opened.readFloat32("scalar"))]).toEqual([3]);
  expect(opened.tensor("empty").length).toBe(0);
  expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
});

test("tensors that do not lie on their type's boundary are read all the same", async () => {
  const bytes = file(
    { a: { dtype: "U8", shape: [1], data_offsets: [0, 1] }, b: { dtype: "F32", shape: [1], data_offsets: [1, 5] } },
    5,
  );
  new DataView(bytes.buffer).setFloat32(bytes.length - 4, 2.5, true);
  expect([...(await (await open(bytes)).readFloat32("b"))]).toEqual([2.5]);
});

test("a file that is not there and a tensor that is not there are named", async () => {
  await expect(openSafetensors(source(new Uint8Array(8)), "other")).rejects.toThrow("No other in (test).");
  const opened = await open(writeSafetensors({ a: { dtype: "F32", shape: [4], data: values } }));
  expect(() => opened.tensor("b")).toThrow('No tensor "b" in model.safetensors in (test). It has: a.');
});

test("where a server does not tell the size, the file itself does", async () => {
  const bytes = writeSafetensors({ a: { dtype: "F32", shape: [4], data: values } });
  const untold = { ...source(bytes), size: () => Promise.resolve(Number.NaN) };
  expect([...(await (await openSafetensors(untold, "model.safetensors")).readFloat32("a"))]).toEqual([...values]);
});

test("a truncated file is refused", async () => {
  const bytes = writeSafetensors({ a: { dtype: "F32", shape: [4], data: values } });
  expect(await refusal(bytes.subarray(0, 5))).toContain("5 bytes");
  expect(await refusal(bytes.subarray(0, 30))).toMatch(/header claims \d+ bytes, the file has 22/);
  expect(await refusal(bytes.subarray(0, bytes.length - 1))).toContain(
    'tensor "a" ends at byte 16 of the data, which has 15',
  );
});

test("a header length that lies is refused before anything is allocated", async () => {
  expect(await refusal(file("{}", 0, maxSafetensorsHeaderBytes + 1))).toContain("at most 100000000");
  expect(await refusal(new Uint8Array(16).fill(255))).toContain("header claims 18446744073709552000");
  expect(await refusal(file("{}", 0, 3))).toContain("header claims 3 bytes");
});

test("a header that is no JSON object is refused", async () => {
  expect(await refusal(file("{", 0))).toContain("not JSON");
  expect(await refusal(file("[]", 0))).toContain("not a JSON object");
  expect(await refusal(file({ __metadata__: { a: 1 } }, 0))).toContain('metadata "a" is 1, a string is needed');
  expect(await refusal(file({ __metadata__: "pt" }, 0))).toContain('its __metadata__ is "pt", an object is needed');
});

test.each([
  ["an unknown dtype", { dtype: "F31", shape: [1], data_offsets: [0, 4] }, 'dtype "F31", known are F64'],
  ["a dtype that every object has", { dtype: "toString", shape: [1], data_offsets: [0, 4] }, 'dtype "toString"'],
  ["a negative dimension", { dtype: "F32", shape: [-1], data_offsets: [0, 4] }, "shape [-1]"],
  ["a fractional dimension", { dtype: "F32", shape: [0.5], data_offsets: [0, 4] }, "shape [0.5]"],
  ["too many dimensions", { dtype: "F32", shape: Array(17).fill(1), data_offsets: [0, 4] }, "at most 16"],
  ["offsets in the wrong order", { dtype: "F32", shape: [1], data_offsets: [4, 0] }, "data_offsets [4,0]"],
  ["no offsets", { dtype: "F32", shape: [1] }, "data_offsets undefined"],
  [
    "a shape that does not give the bytes",
    { dtype: "F32", shape: [2], data_offsets: [0, 4] },
    "needs 8 bytes, its data_offsets give 4",
  ],
  ["a shape that overflows", { dtype: "F32", shape: [2 ** 40, 2 ** 40], data_offsets: [0, 4] }, "needs"],
  ["a dtype of many lists", { dtype: JSON.parse("[".repeat(999) + "]".repeat(999)) as unknown }, "known are F64"],
  ["no object", null, "dtype undefined"],
])("a tensor with %s is refused by name", async (_what, entry, message) => {
  const text = await refusal(file({ a: entry }, 4));
  expect(text).toContain('tensor "a"');
  expect(text).toContain(message);
});

test("holes, overlaps and bytes that belong to no tensor are refused", async () => {
  const at = (start: number) => ({ dtype: "U8", shape: [2], data_offsets: [start, start + 2] });
  expect(await refusal(file({ a: at(0), b: at(3) }, 5))).toContain(
    'tensor "b" starts at byte 3 of the data, 2 expected: it leaves a hole',
  );
  expect(await refusal(file({ a: at(0), b: at(1) }, 3))).toContain("it overlaps the tensor before it");
  expect(await refusal(file({ a: at(0) }, 4))).toContain("its tensors fill 2 bytes, its data section has 4");
});

test("values that do not fit are refused: floats as integers, wide integers, float8", async () => {
  const opened = await open(
    writeSafetensors({
      wide: { dtype: "I64", shape: [1], data: BigInt64Array.of(1n << 40n) },
      float: { dtype: "F32", shape: [4], data: values },
      tiny: { dtype: "F8_E4M3", shape: [1], data: Uint8Array.of(1) },
    }),
  );
  await expect(opened.readInt32("wide")).rejects.toThrow('value 0 of tensor "wide" is 1099511627776, beyond 32 bits');
  await expect(opened.readInt32("float")).rejects.toThrow("whole numbers are needed");
  await expect(opened.readFloat32("tiny")).rejects.toThrow("Float8 is not read");
});

test("the writer refuses data that does not fill its shape", () => {
  expect(() => writeSafetensors({ a: { dtype: "F32", shape: [3], data: values } })).toThrow(
    'Tensor "a" of F32 [3] needs 12 bytes, got 16.',
  );
});
