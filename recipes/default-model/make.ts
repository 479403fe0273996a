/**
 * Steps 3 and 4 of the shipped model's recipe: learns the table for three seeds, and publishes the first.
 *
 *   npx tsx --conditions=semspace-source recipes/default-model/make.ts            learns; every seed's model stays in the work folder
 *   npm run bench -- default-model                                                measures them, the first edition beside them
 *   npx tsx --conditions=semspace-source recipes/default-model/make.ts --publish  writes models/default and its card
 *
 * The first two steps are passages.ts and teacher-vectors.ts. A run that was ended goes on from its checkpoint.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { float16ToFloat32 } from "../../src/formats/half.ts";
import { Matrix } from "../../src/matrix/index.ts";
import { openFolder } from "../../src/hub/folder.ts";
import { readStaticParts } from "../../src/texts/static/index.ts";
import {
  distill,
  distillTokens,
  saveStaticModel,
  staticModelFiles,
  type StaticModelParts,
} from "../../src/training/index.ts";
import { int8Rows } from "../../src/training/distill/int8-rows.ts";
import { realModel } from "../../test/real-models.ts";
import { modelCard } from "./card.ts";
import { firstEdition, passagesFile, seedFolder, seeds, shardFile, shipped, workFolder } from "./files.ts";

/** The package's own limit for the model's files. */
const LARGEST = 9_000_000;
const teacherName = "all-MiniLM-L6-v2";

if (process.argv.includes("--publish")) await publish();
else await learn();

async function learn(): Promise<void> {
  const teacher = realModel(teacherName);
  if (!teacher) throw new Error(`The teacher is not there: npm run models -- ${teacherName}`);
  const { texts, vectors } = readTaught();
  console.log(`${texts.length} passages`);
  const start = await distill(teacher, { pcaDimensions: 256, quantizeTo: "float32", maxLength: null });
  start.config["tokenizer_name"] = `sentence-transformers/${teacherName}`;
  await saveStaticModel(quantized(start), firstEdition);
  for (const seed of seeds) {
    if (existsSync(join(seedFolder(seed), "model.safetensors"))) continue;
    const parts = await distillTokens({
      ...{ teacher, texts, vectors, start, seed, quantizeTo: "float32", shorter: [128, 64] },
      checkpoint: join(workFolder, `seed-${seed}.checkpoint`),
      onProgress: ({ stage, done, total, loss }) => {
        if (done % 50 === 0 || done === total)
          console.log(`seed ${seed}, ${stage} ${done} of ${total}, loss ${loss?.toFixed(4)}`);
      },
    });
    await saveStaticModel(parts, seedFolder(seed));
  }
}

/** The passages that the teacher has said something of, and what. */
function readTaught(): { texts: string[]; vectors: Matrix } {
  const shards: Float32Array[] = [];
  for (let shard = 0; existsSync(shardFile(teacherName, shard)); shard += 1) {
    shards.push(float16ToFloat32(new Uint16Array(Uint8Array.from(readFileSync(shardFile(teacherName, shard))).buffer)));
  }
  const dimensions = 384;
  const rows = shards.reduce((sum, { length }) => sum + length / dimensions, 0);
  const vectors = Matrix.zeros(rows, dimensions);
  let at = 0;
  for (const shard of shards) {
    vectors.data.set(shard, at);
    at += shard.length;
  }
  return { texts: readFileSync(passagesFile, "utf8").split("\n").slice(0, rows), vectors };
}

function quantized(parts: StaticModelParts): StaticModelParts {
  const table = new Matrix(parts.rows as Float32Array, parts.rows.length / parts.dimensions, parts.dimensions);
  const { rows, scales } = int8Rows(table);
  return { ...parts, rows, weightOf: scales };
}

async function publish(): Promise<void> {
  const parts = quantized(await readStaticParts(await openFolder(seedFolder(seeds[0])), "model2vec"));
  const card = modelCard(parts.rows.length / parts.dimensions);
  const bytes = Object.values(staticModelFiles(parts, { card })).reduce((sum, file) => sum + file.length, 0);
  if (bytes > LARGEST) throw new Error(`The model has ${bytes} bytes, at most ${LARGEST} are allowed.`);
  await saveStaticModel(parts, shipped, { card });
  console.log(`${shipped}: ${bytes} bytes.`);
}
