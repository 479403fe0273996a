import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { SemspaceError } from "../../errors.ts";
import { randomNumbers } from "../../matrix/random-numbers.ts";
import { openFolderStore } from "./folder-store.ts";

const root = mkdtempSync(join(tmpdir(), "semspace-damage-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const TRIALS = 120;

const vector = (i: number): Float32Array => Float32Array.of(Math.sin(i), Math.cos(i), Math.sin(2 * i));

/** All that can be asked of the index. */
async function answers(path: string): Promise<string> {
  const store = await openFolderStore(path, { threads: 1 });
  try {
    const ids = Array.from({ length: 30 }, (_, i) => `e${i}`);
    const listed = [];
    for await (const record of store.list({ n: { $gte: 0 } })) listed.push(record);
    return JSON.stringify([
      await store.get(ids),
      await store.search(vector(4), { k: 5, filter: { n: { $lt: 20 } } }),
      await store.searchHybrid({ vector: vector(9), text: "word9 common" }, { k: 5 }),
      listed,
    ]);
  } finally {
    await store.close();
  }
}

test("a file that is cut or changed anywhere gives a named error or the right answers", async () => {
  const sound = join(root, "sound");
  const store = await openFolderStore(sound, { dimensions: 3, dtype: "int8", graph: true });
  const entry = (i: number) => ({ id: `e${i}`, vector: vector(i), text: `word${i} common`, metadata: { n: i } });
  await store.upsert(Array.from({ length: 24 }, (_, i) => entry(i)));
  await store.search(vector(0), { k: 1 });
  await store.flush();
  await store.upsert(Array.from({ length: 6 }, (_, i) => entry(24 + i)));
  await store.delete(["e2", "e25"]);
  await store.close();
  const right = await answers(sound);
  const files = readdirSync(sound);
  expect(files.length).toBeGreaterThan(10);
  let refused = 0;
  for (let seed = 0; seed < TRIALS; seed += 1) {
    const random = randomNumbers(seed);
    const file = join(sound, files[seed % files.length]);
    const bytes = readFileSync(file);
    const damaged = Uint8Array.from(bytes);
    const at = Math.floor(random() * bytes.length);
    if (random() < 0.3) writeFileSync(file, bytes.subarray(0, at));
    else {
      damaged[at] ^= 1 + Math.floor(random() * 255);
      writeFileSync(file, damaged);
    }
    try {
      expect(await answers(sound)).toBe(right);
    } catch (error) {
      if (!(error instanceof SemspaceError)) throw error;
      expect(["invalid-file", "unsupported"]).toContain(error.code);
      refused += 1;
    }
    writeFileSync(file, bytes);
  }
  expect(await answers(sound)).toBe(right);
  expect(refused).toBeGreaterThan(TRIALS / 2);
});
