/**
 * The shipped model, second edition: its recipe with three seeds (recipes/default-model), measured by semspace/evaluation on sets that it has not seen, beside
 * the first edition, which is what model2vec.distill makes of the same teacher. Recipes were chosen on STS-B dev and development splits alone.
 */
import { join } from "node:path";
import { firstEdition, seedFolder, seeds, shipped } from "../recipes/default-model/files.ts";
import {
  measureModel,
  measures,
  measureSts,
  type Measured,
  type MeasureName,
} from "../recipes/default-model/measure.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { type BenchRow, need, record } from "./harness.ts";
import { bytesOfFolder } from "./folder-bytes.ts";

const bars: Record<MeasureName, { least: number; aim: number }> = {
  "STS-B dev": { least: 83, aim: 84 },
  Cranfield: { least: 32, aim: 33.5 },
  "Cranfield, hybrid": { least: 38, aim: 40 },
  "SST-2": { least: 77, aim: 79 },
  TREC: { least: 67, aim: 72 },
  "20 Newsgroups": { least: 62, aim: 64 },
};
/** What model2vec 0.10's own distill gave in Python, and the teacher (default-model-measurements.md). */
const known: Partial<Record<MeasureName, string>> = {
  "STS-B dev": "79.2, teacher 86.7",
  Cranfield: "27.4, teacher 39.6",
  "SST-2": "76.1, teacher 81.4",
  TREC: "72.0, teacher 90.4",
  "20 Newsgroups": "62.6",
};
const figures = (value: number): string => value.toFixed(1);

need(join(firstEdition, "model.safetensors"), "the models of recipes/default-model/make.ts");
const first = await measure(firstEdition);
const learnt: (Measured & { short: number; shortest: number })[] = [];
for (const seed of seeds) learnt.push(await measure(seedFolder(seed)));
const [ours, before] = [await stsOf(shipped), await stsOf(seedFolder(seeds[0]))];

const rows: BenchRow[] = measures.map((name) => {
  const values = learnt.map((measured) => measured[name]);
  const { least, aim } = bars[name];
  return bar(name, mean(values), {
    ours: `${figures(mean(values))} (${values.map(figures).join(", ")})`,
    peer: `first edition ${figures(first[name])}${known[name] ? `, model2vec.distill ${known[name]}` : ""}`,
    limit: `>= ${least}, aim ${aim}`,
    reached: mean(values) >= least,
  });
});
const whole = mean(learnt.map((measured) => measured["STS-B dev"]));
for (const [size, key] of [
  [128, "short"],
  [64, "shortest"],
] as const) {
  const cost = whole - mean(learnt.map((measured) => measured[key]));
  rows.push(
    bar(`STS-B dev, the first ${size} dimensions`, cost, {
      ours: figures(whole - cost),
      peer: `first edition ${figures(first[key])}`,
      limit: size === 128 ? "costs <= 1.0" : "none",
      reached: size !== 128 || cost <= 1,
    }),
  );
}
rows.push(
  bar("STS-B dev, int8 rows as shipped", before - ours, {
    ours: ours.toFixed(2),
    peer: `float32 ${before.toFixed(2)}`,
    limit: "costs <= 0.3",
    reached: before - ours <= 0.3,
  }),
);
const bytes = bytesOfFolder(shipped);
rows.push(
  bar("bytes on disk", bytes, {
    ours: bytes.toLocaleString("en"),
    peer: "-",
    limit: "<= 9,000,000",
    reached: bytes <= 9_000_000,
  }),
);
record(
  "default-model",
  rows,
  "Mean of three seeds, each in brackets; the first is shipped. STS-B dev: Spearman of the cosine. Cranfield: nDCG@10, any positive grade relevant, a whole abstract as one vector; hybrid: with BM25 as `semspace search` fuses them. SST-2, TREC, 20 Newsgroups (by date, without headers, quotes, footers): logistic regression on unit vectors, C of 1 and 10 from a tenth of the training part, accuracy on the test part.",
);

async function measure(folder: string): Promise<Measured & { short: number; shortest: number }> {
  need(folder, "the models of recipes/default-model/make.ts");
  const embedder = await loadEmbedder(folder);
  const measured = await measureModel(embedder);
  const [short, shortest] = [await measureSts(embedder, 128), await measureSts(embedder, 64)];
  await embedder.dispose();
  return { ...measured, short, shortest };
}

async function stsOf(folder: string): Promise<number> {
  const embedder = await loadEmbedder(folder);
  const spearman = await measureSts(embedder);
  await embedder.dispose();
  return spearman;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function bar(
  what: string,
  value: number,
  { ours, peer, limit, reached }: { ours: string; peer: string; limit: string; reached: boolean },
): BenchRow {
  return {
    what,
    ours,
    peer,
    figure: value > 1000 ? value.toLocaleString("en") : value.toFixed(2),
    bar: limit,
    reached,
  };
}
