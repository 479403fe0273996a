import { expect, test } from "vitest";
import { SemspaceError } from "../errors.ts";
import { gunzipped, gzipped, isGzip } from "./gzip.ts";

const pieces = Array.from({ length: 300 }, (_, i) => new TextEncoder().encode(`piece ${i} of some text\n`));

async function whole(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: number[] = [];
  for await (const part of parts) all.push(...part);
  return Uint8Array.from(all);
}

test("what was packed is unpacked, in whatever pieces it comes", async () => {
  const packed = await whole(gzipped(pieces));
  expect(isGzip(packed)).toBe(true);
  expect(packed.length).toBeLessThan(2000);
  const text = pieces.map((piece) => new TextDecoder().decode(piece)).join("");
  for (const step of [1, 7, packed.length]) {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < packed.length; at += step) parts.push(packed.subarray(at, at + step));
    expect(new TextDecoder().decode(await whole(gunzipped(parts, "x")))).toBe(text);
  }
});

test("a file that is cut short or broken is said by name, and an error of the source stays what it is", async () => {
  const packed = await whole(gzipped(pieces));
  await expect(whole(gunzipped([packed.subarray(0, 90)], "a.gz"))).rejects.toThrow(/a\.gz is no whole gzip file/);
  const flipped = packed.slice();
  flipped[packed.length - 6] ^= 1; // its checksum
  await expect(whole(gunzipped([flipped], "b.gz"))).rejects.toThrow(/b\.gz is no whole gzip file/);
  function* failing(): Generator<Uint8Array> {
    yield packed.subarray(0, 50);
    throw new SemspaceError("missing-file", "the disk is gone");
  }
  await expect(whole(gunzipped(failing(), "c.gz"))).rejects.toThrow("the disk is gone");
});

test("pieces are taken only as they are asked for, and who stops early ends the source", async () => {
  let [taken, ended] = [0, false];
  function* endless(): Generator<Uint8Array> {
    try {
      for (; ; taken += 1) yield crypto.getRandomValues(new Uint8Array(1 << 15));
    } finally {
      ended = true;
    }
  }
  for await (const part of gzipped(endless())) if (part.length > 100) break;
  for await (const part of gunzipped(gzipped(endless()), "endless")) if (part.length > 100) break;
  expect(taken).toBeLessThan(200);
  expect(ended).toBe(true);
});
