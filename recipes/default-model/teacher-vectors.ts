/**
 * Step 2 of the shipped model's recipe: what the teacher says of each passage, shard by shard. Ended and started again it goes on where it was.
 *
 *   npx tsx --conditions=semspace-source recipes/default-model/teacher-vectors.ts [TEACHER] [SHARDS]
 *
 * The teacher works in int8, three times as fast; `--check` says how near that comes to float32.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { float32ToFloat16 } from "../../src/formats/half.ts";
import { loadEmbedder } from "../../src/texts/index.ts";
import { realModel } from "../../test/real-models.ts";
import { passagesFile, shardFile, shardSize } from "./files.ts";

const args = process.argv.slice(2).filter((word) => word !== "--check");
const name = args[0] ?? "all-MiniLM-L6-v2";
const folder = realModel(name);
if (!folder) throw new Error(`The teacher is not there: npm run models -- ${name}`);
const passages = readFileSync(passagesFile, "utf8").trimEnd().split("\n");
const shards = Math.min(Number(args[1] ?? Infinity), Math.ceil(passages.length / shardSize));
/** Longer texts are cut here, as sentence-transformers' own training of this teacher did. */
const options = { threads: 2, maxLength: 128 };
const teacher = await loadEmbedder(folder, { ...options, dtype: "int8" });
if (process.argv.includes("--check")) await check();
else await teach();
await teacher.dispose();

async function teach(): Promise<void> {
  for (let shard = 0; shard < shards; shard += 1) {
    const path = shardFile(name, shard);
    if (existsSync(path)) continue;
    const start = performance.now();
    const texts = passages.slice(shard * shardSize, (shard + 1) * shardSize);
    const { data } = await teacher.encode(texts, { normalize: true });
    mkdirSync(dirname(path), { recursive: true });
    // A shard that is there is whole.
    writeFileSync(`${path}.part`, float32ToFloat16(data));
    renameSync(`${path}.part`, path);
    const rate = (texts.length / (performance.now() - start)) * 1000;
    console.log(`shard ${shard + 1} of ${shards}: ${rate.toFixed(0)} passages a second`);
  }
}

async function check(): Promise<void> {
  const exact = await loadEmbedder(folder, options);
  const texts = passages.slice(0, 512);
  const [rounded, precise] = [
    await teacher.encode(texts, { normalize: true }),
    await exact.encode(texts, { normalize: true }),
  ];
  const cosines = texts.map((_, i) => precise.row(i).reduce((sum, value, j) => sum + value * rounded.row(i)[j], 0));
  console.log(
    `cosine of int8 to float32: mean ${(cosines.reduce((sum, x) => sum + x, 0) / cosines.length).toFixed(5)}, least ${Math.min(...cosines).toFixed(5)}`,
  );
  await exact.dispose();
}
