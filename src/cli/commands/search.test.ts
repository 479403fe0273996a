import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, root, semspace, write } from "../../../test/semspace-process.ts";

test("search finds passages by meaning and by words, with their files and lines", async () => {
  write("docs/pets.md", "# Pets\n\nIntro.\n\n## Dogs\n\nA puppy needs to be walked every day.\n");
  write("docs/cars.txt", "Engines burn fuel.\n\nWheels turn.\n");
  write("docs/image.png", new Uint8Array([0x89, 0x50, 0, 1, 2]));
  const { code, out, err } = await semspace(["search", "walking a dog", "docs", "--json", "--top", "2"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const [best, ...rest] = jsonLines(out);
  expect(best).toEqual({
    file: join("docs", "pets.md"),
    line: 5,
    score: expect.any(Number) as number,
    text: "## Dogs\n\nA puppy needs to be walked every day.",
    also: [],
  });
  expect(rest).toHaveLength(1);
  const people = await semspace(["search", "fuel", "docs", "--lexical"]);
  expect(people.out).toMatch(/^docs.cars\.txt:1 {2}\d\.\d{3}\n {2}Engines burn fuel\.\n {2}Wheels turn\.\n$/);
});

test("the second search finds its vectors and terms in the cache, and --no-cache leaves none", async () => {
  write("cached/a.txt", "Cats purr.");
  const vectors = join(root, ".cache", "vectors");
  const count = () => (existsSync(vectors) ? readdirSync(vectors).length : 0);
  const before = count();
  const plain = await semspace(["search", "cats", "cached", "--json", "--no-cache"]);
  expect(count()).toBe(before);
  const first = await semspace(["search", "cats", "cached", "--json"]);
  expect(count()).toBe(before + 2);
  const second = await semspace(["search", "cats", "cached", "--json"]);
  expect([first.out, second.out]).toEqual([plain.out, plain.out]);
});

test("what cannot be read is reported and skipped, and the rest is searched", async () => {
  write("mixed/good.txt", "An answer about rivers.");
  const { code, out, err } = await semspace([
    "search",
    "rivers",
    "mixed",
    write("binary.bin", new Uint8Array(10)),
    "--json",
  ]);
  expect(code).toBe(0);
  expect(jsonLines(out)).toHaveLength(1);
  expect(err).toBe("semspace: skipped binary.bin: it is not text\nsemspace: 1 of 2 could not be read\n");
});

test("a cache that cannot be written is said once, and the search goes on", async () => {
  write("uncached/a.txt", "Cats purr.");
  const cache = join(write("uncached/file.bin", new Uint8Array(9)), "below");
  const { code, out, err } = await semspace(["search", "cats", "uncached", "--json"], { cache });
  expect({ code, found: jsonLines(out).length }).toEqual({ code: 0, found: 1 });
  expect(err).toMatch(/^semspace: The cache .*file\.bin.below.vectors cannot be written \(ENOTDIR\), .*\n$/);
});

test("a text that stands in several places is one hit with all of them", async () => {
  for (let i = 1; i <= 12; i += 1) write(`copies/${i}.txt`, "Cats purr.");
  write("copies/own.txt", "\nCats sleep.");
  const found = jsonLines((await semspace(["search", "cats", "copies", "--json", "--top", "3"])).out);
  expect(new Set(found.map(({ text }) => text))).toEqual(new Set(["Cats purr.", "Cats sleep."]));
  expect(found.find(({ text }) => text === "Cats purr.")!["also"]).toHaveLength(11);
  const people = await semspace(["search", "purr", "copies", "--lexical"]);
  expect(people.out).toMatch(
    /^copies.1\.txt:1 {2}\d\.\d{3}\n {2}Cats purr\.\n {2}also in copies.10\.txt:1, (copies.\d+\.txt:1, ){2}copies.\d+\.txt:1 and 7 more\n$/,
  );
});

test.skipIf(process.platform === "win32")("a pipe and a device are skipped, not waited for", async () => {
  write("special/a.txt", "Cats purr.");
  execFileSync("mkfifo", [join(root, "special/pipe")]);
  const { code, out, err } = await semspace(["search", "cats", "special", "special/pipe", "/dev/zero", "--json"]);
  expect({ code, found: jsonLines(out).length }).toEqual({ code: 0, found: 1 });
  for (const path of ["special/pipe", "/dev/zero"])
    expect(err).toContain(`skipped ${path}: it is not a regular file\n`);
});
