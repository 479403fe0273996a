import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openVectorCache, type VectorCacheOptions } from "./vector-cache.ts";

function options(change: Partial<VectorCacheOptions> = {}): VectorCacheOptions {
  const folder = mkdtempSync(join(tmpdir(), "semspace-cache-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder, model: "m1", scope: "/a", dimensions: 3, ...change };
}

async function filled(settings: VectorCacheOptions, entries: Record<number, number[]>): Promise<void> {
  const cache = await openVectorCache(settings);
  for (const [key, codes] of Object.entries(entries)) cache.set(Number(key), Int8Array.from(codes));
  await cache.save();
}

test("vectors come back after the cache was saved, and other models, scopes and dimensions do not see them", async () => {
  const settings = options();
  await filled(settings, { 7: [1, -2, 127], 9007199254740991: [4, 5, 6] });
  const cache = await openVectorCache(settings);
  expect(cache.size).toBe(2);
  expect([...cache.get(7)!]).toEqual([1, -2, 127]);
  expect([...cache.get(2 ** 53 - 1)!]).toEqual([4, 5, 6]);
  expect(cache.get(8)).toBeUndefined();
  for (const change of [{ model: "m2" }, { scope: "/b" }, { dimensions: 4 }]) {
    expect((await openVectorCache({ ...settings, ...change })).size).toBe(0);
  }
});

test("nothing is written when nothing is new", async () => {
  const settings = options();
  await filled(settings, { 1: [1, 1, 1] });
  const [name] = readdirSync(settings.folder);
  const before = readFileSync(join(settings.folder, name));
  rmSync(join(settings.folder, name));
  const cache = await openVectorCache(settings);
  await cache.save();
  expect(readdirSync(settings.folder)).toEqual([]);
  expect(before.length).toBe(16 + 8 + 3);
});

test("a file that is cut short, longer than it says, or something else counts as empty and is replaced", async () => {
  const settings = options();
  await filled(settings, { 1: [1, 1, 1], 2: [2, 2, 2] });
  const path = join(settings.folder, readdirSync(settings.folder)[0]);
  const whole = readFileSync(path);
  const huge = Buffer.from(whole);
  huge.writeUInt32LE(0xffffffff, 12);
  for (const broken of [
    whole.subarray(0, 20),
    whole.subarray(0, 7),
    Buffer.concat([whole, whole]),
    Buffer.alloc(0),
    huge,
    Buffer.from("not a cache at all"),
  ]) {
    writeFileSync(path, broken);
    expect((await openVectorCache(settings)).size).toBe(0);
  }
  await filled(settings, { 3: [3, 3, 3] });
  expect((await openVectorCache(settings)).size).toBe(1);
  truncateSync(path, 3);
  expect((await openVectorCache(settings)).size).toBe(0);
});

test("two programs that save at once leave a whole file", async () => {
  const settings = options();
  await Promise.all(Array.from({ length: 8 }, (_, i) => filled(settings, { [i]: [i, i, i] })));
  const cache = await openVectorCache(settings);
  expect(cache.size).toBe(1);
  expect(readdirSync(settings.folder)).toHaveLength(1);
});

test("a folder that grew too large loses its oldest files, and unfinished ones of long ago", async () => {
  const settings = options();
  for (const scope of ["a", "b", "c"]) {
    await filled({ ...settings, scope }, { 1: [1, 1, 1] });
    for (const name of readdirSync(settings.folder))
      if (scope === "a") utimesSync(join(settings.folder, name), 1000, 1000);
  }
  writeFileSync(join(settings.folder, "x.vectors.1.abc.part"), "");
  utimesSync(join(settings.folder, "x.vectors.1.abc.part"), 1000, 1000);
  writeFileSync(join(settings.folder, "y.vectors.1.abc.part"), "");
  await filled({ ...settings, scope: "d", maxFolderBytes: 3 * 27 }, { 1: [1, 1, 1] });
  expect(readdirSync(settings.folder).filter((name) => name.endsWith(".part"))).toEqual(["y.vectors.1.abc.part"]);
  const sizes = await Promise.all(
    ["a", "b", "c", "d"].map(async (scope) => (await openVectorCache({ ...settings, scope })).size),
  );
  expect(sizes).toEqual([0, 1, 1, 1]);
});

test("a cache that cannot be written says so once and goes on in memory, or throws where nobody listens", async () => {
  const { folder, ...settings } = options();
  writeFileSync(join(folder, "file"), "");
  const said: string[] = [];
  const below = { ...settings, folder: join(folder, "file", "cache") };
  const cache = await openVectorCache({ ...below, unwritable: ({ code, message }) => said.push(code, message) });
  for (const key of [1, 2]) {
    cache.set(key, Int8Array.of(key, 0, 0));
    await cache.save();
  }
  expect(said).toEqual(["unavailable", expect.stringMatching(/^The cache .*cache cannot be written \(ENOTDIR\)/)]);
  expect(cache.get(1)).toEqual(Int8Array.of(1, 0, 0));
  await expect(filled(below, { 1: [1, 1, 1] })).rejects.toMatchObject({ code: "unavailable" });
});
