import { expect, test } from "vitest";
import { strToU8, zipSync } from "fflate";
import { replacedBytes } from "../../test/replaced-bytes.ts";
import { openFolder } from "../hub/folder.ts";
import { readZipDirectory } from "./zip-directory.ts";

const archive = (level: 0 | 6 = 0) =>
  zipSync({ "one.txt": strToU8("first"), "a/two.txt": strToU8("second".repeat(20)) }, { level });
const read = async (bytes: Uint8Array) => readZipDirectory(await openFolder({ "x.zip": bytes }), "x.zip");

/** A copy with numbers written at places from the end record or from the n-th entry of the directory. */
function changed(
  bytes: Uint8Array,
  change: (view: DataView, places: { end: number; entries: number[] }) => void,
): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const end = copy.length - 22;
  const entries = [view.getUint32(end + 16, true)];
  entries.push(entries[0] + 46 + view.getUint16(entries[0] + 28, true));
  change(view, { end, entries });
  return copy;
}

test("stored entries are ranges of the archive", async () => {
  const bytes = archive();
  const entries = await read(bytes);
  expect([...entries.keys()]).toEqual(["one.txt", "a/two.txt"]);
  const { offset, length } = entries.get("one.txt")!;
  expect(new TextDecoder().decode(bytes.subarray(offset, offset + length))).toBe("first");
});

test("a comment at the end, with what looks like an end in it, is passed over", async () => {
  const bytes = changed(archive(), (view, { end }) => view.setUint16(end + 20, 4, true));
  const comment = Uint8Array.of(0x50, 0x4b, 5, 6);
  expect((await read(Uint8Array.of(...bytes, ...comment))).size).toBe(2);
});

test.each<[string, Uint8Array, string]>([
  [
    "a compressed entry, which could swell,",
    archive(6),
    'Entry "one.txt" in x.zip in (memory) is compressed (method 8)',
  ],
  [
    "an encrypted entry",
    changed(archive(), (view, { entries: [first] }) => view.setUint16(first + 8, 1, true)),
    "is encrypted",
  ],
  [
    "an entry that claims more than is stored",
    changed(archive(), (view, { entries: [first] }) => view.setUint32(first + 24, 4_000_000_000, true)),
    "claims 4000000000 bytes made of 5",
  ],
  [
    "an entry that leaves the archive",
    changed(archive(), (view, { entries: [first] }) => {
      view.setUint32(first + 20, 1_000_000, true);
      view.setUint32(first + 24, 1_000_000, true);
    }),
    'entry "one.txt" lies outside of it (1000000 bytes from byte 0)',
  ],
  [
    "an entry that overlaps the next",
    changed(archive(), (view, { entries: [first] }) => {
      view.setUint32(first + 20, 30, true);
      view.setUint32(first + 24, 30, true);
    }),
    'entry "one.txt" overlaps what follows it',
  ],
  [
    "two entries in one place",
    changed(archive(), (view, { entries: [, second] }) => view.setUint32(second + 42, 0, true)),
    'entry "a/two.txt" has another name where it lies',
  ],
  [
    "an entry where there is none",
    changed(archive(), (view, { entries: [, second] }) => view.setUint32(second + 42, 3, true)),
    'entry "a/two.txt" is not where its directory says',
  ],
  [
    "a directory that claims more entries than fit",
    changed(archive(), (view, { end }) => view.setUint16(end + 10, 60_000, true)),
    "its directory claims 60000 entries",
  ],
  [
    "a directory that lies elsewhere",
    changed(archive(), (view, { end }) => view.setUint32(end + 16, 0, true)),
    "entry 0 of its directory is no entry",
  ],
  [
    "a Zip64 mark without its record",
    changed(archive(), (view, { end }) => view.setUint32(end + 16, 0xffffffff, true)),
    "Zip64",
  ],
  ["bytes that are no archive", new Uint8Array(100), "it has no directory at its end"],
])("%s is refused", async (_, bytes, message) => {
  await expect(read(bytes)).rejects.toThrow(message);
});

test("two entries of one name are refused", async () => {
  const bytes = zipSync({ "a.txt": strToU8("1"), "b.txt": strToU8("2") }, { level: 0 });
  await expect(read(replacedBytes(bytes, "b.txt", "a.txt"))).rejects.toThrow('it has two entries "a.txt"');
});
