/**
 * int8 against our own float32, in turns: speed on sentences and on abstracts with one thread and two, Spearman on STS-B's dev set, and
 * whether vectors are equal to the bit in batches of other texts, in another order, with other padding.
 * SEMSPACE_BENCH_MODELS names one of the two models, SEMSPACE_BENCH_ROUNDS other rounds than 5.
 */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { spearman } from "../src/evaluation/index.ts";
import { type Embedder, loadEmbedder } from "../src/index.ts";
import { abstracts, sentences } from "./encoder-texts.ts";
import { type BenchRow, clock, interleave, record, sharedData } from "./harness.ts";

const models = process.env["SEMSPACE_MODELS"] ?? join(homedir(), ".cache/semspace/models");
/** How many sentences and abstracts each takes in a round. */
const sizes: Readonly<Record<string, readonly [number, number]>> = {
  "all-MiniLM-L6-v2": [500, 50],
  "all-mpnet-base-v2": [100, 10],
};
const asked = process.env["SEMSPACE_BENCH_MODELS"]?.split(",");
const rounds = Number(process.env["SEMSPACE_BENCH_ROUNDS"] ?? 5);
const bars = { speed: 1.8, loss: 0.3 };
const rows: BenchRow[] = [];

for (const name of asked ?? Object.keys(sizes)) {
  const folder = join(models, name);
  if (!existsSync(folder)) {
    console.error(`${name} is not fetched (npm run models -- ${name}): left out.`);
    continue;
  }
  for (const threads of [1, 2]) {
    const floats = await loadEmbedder(folder, { threads });
    const int8 = await loadEmbedder(folder, { threads, dtype: "int8" });
    rows.push(...(await speeds(name, threads, { floats, int8 })));
    if (threads === 2) rows.push(await quality(name, floats, int8), await bitEquality(name, int8));
    await floats.dispose();
    await int8.dispose();
    record("int8", rows, "Both sides are semspace: ours is int8, the peer float32.");
  }
}

async function speeds(name: string, threads: number, sides: Record<"floats" | "int8", Embedder>): Promise<BenchRow[]> {
  const [short, long] = sizes[name];
  const sets = { sentences: sentences().slice(0, short), abstracts: abstracts().slice(0, long) };
  const found: BenchRow[] = [];
  for (const [set, texts] of Object.entries(sets)) {
    const times = await interleave(
      {
        int8: () => clock(() => sides.int8.encode(texts)),
        floats: () => clock(() => sides.floats.encode(texts)),
      },
      rounds,
    );
    const ratio = times.floats.median / times.int8.median;
    const spread = (100 * Math.max(times.floats.spread, times.int8.spread)).toFixed(0);
    found.push({
      what: `${name}, ${texts.length} ${set}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
      ours: `${(texts.length / times.int8.median).toFixed(0)}/s`,
      peer: `${(texts.length / times.floats.median).toFixed(0)}/s`,
      figure: `${ratio.toFixed(2)} times (spread ${spread} %)`,
      bar: `>= ${bars.speed} times`,
      reached: ratio >= bars.speed,
    });
  }
  return found;
}

async function quality(name: string, floats: Embedder, int8: Embedder): Promise<BenchRow> {
  const pairs = readFileSync(join(sharedData, "sts/sts-dev.csv"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  const gold = pairs.map((row) => Number(row[4]));
  const points = async (embedder: Embedder): Promise<number> => {
    const [a, b] = [5, 6].map((column) =>
      embedder.encode(
        pairs.map((row) => row[column]),
        { normalize: true },
      ),
    );
    const [first, second] = [await a, await b];
    const scores = gold.map((_, i) => first.row(i).reduce((sum, value, k) => sum + value * second.row(i)[k], 0));
    return 100 * spearman(scores, gold);
  };
  const [ours, theirs] = [await points(int8), await points(floats)];
  return {
    what: `${name}, Spearman on STS-B dev`,
    ours: ours.toFixed(2),
    peer: theirs.toFixed(2),
    figure: `${(theirs - ours).toFixed(2)} points lost`,
    bar: `<= ${bars.loss} points`,
    reached: theirs - ours <= bars.loss,
  };
}

/** Texts one by one, and among others: short and long ones, in reverse, in batches of other sizes. */
async function bitEquality(name: string, int8: Embedder): Promise<BenchRow> {
  const texts = [...sentences().slice(0, 60), ...abstracts().slice(0, 20)];
  const alone: Float32Array[] = [];
  for (const text of texts) alone.push(await int8.encode(text));
  let [different, compared] = [0, 0];
  for (const batchTokens of [64, 512, 3000]) {
    for (const order of [texts.map((_, i) => i), texts.map((_, i) => texts.length - 1 - i)]) {
      const together = await int8.encode(
        order.map((i) => texts[i]),
        { batchTokens },
      );
      for (const [at, i] of order.entries()) {
        compared += 1;
        if (together.row(at).some((value, k) => value !== alone[i][k])) different += 1;
      }
    }
  }
  return {
    what: `${name}, vectors of ${texts.length} texts alone and in six batchings`,
    ours: `${different} of ${compared} differ`,
    peer: "",
    figure: different === 0 ? "equal to the bit" : `${different} differ`,
    bar: "all equal",
    reached: different === 0,
  };
}
