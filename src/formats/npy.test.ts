import { expect, test } from "vitest";
import { npyHeader, type NpyValues, readNpy, writeNpy } from "./npy.ts";

/** `numpy.save` of numpy.arange(3, dtype="<f2").reshape(3, 1) / 2, version 1.0. */
const fromNumpy =
  "\x93NUMPY\x01\x00\x76\x00" +
  "{'descr': '<f2', 'fortran_order': False, 'shape': (3, 1), }".padEnd(117) +
  "\n" +
  "\x00\x00\x00\x38\x00\x3c";

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function withHeader(header: string, data = "", { version = 1, claimed = header.length } = {}): Uint8Array {
  const length =
    version === 1
      ? [claimed & 255, claimed >> 8]
      : [claimed & 255, (claimed >> 8) & 255, (claimed >> 16) & 255, claimed >>> 24];
  return latin1(`\x93NUMPY${String.fromCharCode(version, 0, ...length)}${header}${data}`);
}

const header = (descr: string, shape: string, order = "False") =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }\n`;

test("a file that numpy wrote is read, float16 as float32", () => {
  expect(readNpy(latin1(fromNumpy))).toEqual({ shape: [3, 1], data: Float32Array.of(0, 0.5, 1) });
});

test.each<[string, NpyValues, number[]]>([
  ["float32", Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]],
  ["float64", Float64Array.of(0.1), []],
  ["int8", Int8Array.of(-1, 2), [2]],
  ["uint8", Uint8Array.of(255, 2), [1, 1, 2]],
  ["int32", Int32Array.of(-5), [1]],
  ["int64", BigInt64Array.of(-5n, 1n << 40n), [2]],
  ["nothing", new Float32Array(), [0, 7]],
])("an array of %s is read back as it was written", (_type, data, shape) => {
  const bytes = writeNpy({ shape, data });
  expect(readNpy(bytes)).toEqual({ shape, data });
  expect((bytes.length - data.byteLength) % 64).toBe(0);
});

test("an array in Fortran order is read as rows", () => {
  // numpy.save of numpy.asfortranarray(numpy.arange(6, dtype="u1").reshape(2, 3)), and of arange(24) as 2 x 3 x 4.
  expect(readNpy(withHeader(header("|u1", "2, 3", "True"), "\0\x03\x01\x04\x02\x05"))).toEqual({
    shape: [2, 3],
    data: Uint8Array.of(0, 1, 2, 3, 4, 5),
  });
  const order = [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];
  const cube = withHeader(header("|u1", "2, 3, 4", "True"), String.fromCharCode(...order));
  expect([...readNpy(cube).data]).toEqual(Array.from({ length: 24 }, (_, i) => i));
  expect(readNpy(withHeader(header("|i1", "0, 3", "True"))).data).toHaveLength(0);
});

test("versions 2 and 3, with a longer length field, are read", () => {
  for (const version of [2, 3]) {
    expect(readNpy(withHeader(header("|u1", "2,"), "\x01\x02", { version }))).toEqual({
      shape: [2],
      data: Uint8Array.of(1, 2),
    });
  }
});

test("the header has the same length whatever the number of rows, so it can be written again", () => {
  expect(npyHeader("<f4", [0, 384])).toHaveLength(128);
  expect(npyHeader("<f4", [Number.MAX_SAFE_INTEGER, 384])).toHaveLength(128);
});

test.each([
  ["no magic", latin1("\x93NUMPX\x01\x00\x00\x00"), "magic"],
  ["nothing in it", new Uint8Array(), "magic"],
  ["an unknown version", withHeader(header("<f4", "0,"), "", { version: 9 }), "version is 9"],
  ["a header length beyond the file", withHeader("{}", "", { claimed: 500 }), "claims 500 bytes, the file has 2"],
  ["a header length beyond the limit", withHeader("{}", "", { version: 2, claimed: 2 ** 31 - 1 }), "at most 10000"],
  ["a header cut short", latin1("\x93NUMPY\x02\x00\x00\x00"), "has only 10 bytes"],
  ["a header without shape", withHeader("{'descr': '<f4', 'fortran_order': False}"), "are needed"],
  ["an unknown type", withHeader(header("<c8", "1,"), "12345678"), 'holds "<c8"'],
  ["big-endian values", withHeader(header(">f4", "1,"), "1234"), 'holds ">f4"'],
  ["too few values", withHeader(header("<f4", "2,"), "1234"), "needs 8 bytes, it has 4"],
  ["too many values", withHeader(header("|i1", "2,"), "1234"), "needs 2 bytes, it has 4"],
  ["a shape that overflows", withHeader(header("<f4", "99999999999999999999,"), ""), "whole numbers below 2^53"],
  ["more dimensions than numpy has", withHeader(header("|u1", "1,".repeat(65)), "1"), "at most 64"],
  ["a shape that is no list", withHeader(header("<f4", "1 2"), "1234"), "whole numbers below 2^53"],
])("a file with %s is refused", (_what, bytes, message) => {
  expect(() => readNpy(bytes, "x.npy")).toThrow(message);
});

test("the writer refuses values that do not fill the shape", () => {
  expect(() => writeNpy({ shape: [2], data: Float32Array.of(1) })).toThrow("needs 2 values, got 1");
});
