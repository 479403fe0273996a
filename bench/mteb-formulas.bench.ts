/**
 * Do our figures mean what MTEB's mean? STS-B dev, Cranfield, SST-2 and 20 Newsgroups for three models, beside mteb's formulas in Python on the
 * same vectors. Bars: STS and retrieval equal to 4 digits, classification within 0.2 on the same samples (which must be the same, number for
 * number), the V-measure of our groups to 4 digits.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  clusterAgreement,
  evaluateTask,
  type EvaluationTask,
  fewShotDraws,
  type LabelledText,
  readLabelledTexts,
  readStsPairs,
} from "../src/evaluation/index.ts";
import { kMeans, Matrix } from "../src/matrix/index.ts";
import { type Embedder, loadEmbedder } from "../src/texts/index.ts";
import { realModel } from "../test/real-models.ts";
import { readCranfield } from "./cranfield.ts";
import { type BenchRow, need, Peer, record, sharedData } from "./harness.ts";
import { readTwentyNewsgroups } from "./twenty-newsgroups.ts";

const names = { shipped: undefined, "static-10k-64d": "static-10k-64d", MiniLM: "all-MiniLM-L6-v2" } as const;
const data = (path: string): string => {
  need(join(sharedData, path), "the shared data");
  return readFileSync(join(sharedData, path), "utf8");
};
const every = <T>(n: number, list: readonly T[]): T[] => list.filter((_, i) => i % n === 0);
const newsgroups = readTwentyNewsgroups();
/** Long posts: MiniLM reads every tenth of them. */
const groups = { train: every(10, newsgroups.train), test: every(10, newsgroups.test) };
const sentiment = {
  train: readLabelledTexts(data("classification/stsa.binary.train")),
  test: readLabelledTexts(data("classification/stsa.binary.test")),
};
const pairs = readStsPairs(data("sts/sts-dev.csv"));
const cranfield = readCranfield();
const work = mkdtempSync(join(tmpdir(), "semspace-mteb-"));
const peer = new Peer("mteb_formulas.py", [], { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" });
const rows: BenchRow[] = [];
try {
  for (const [name, model] of Object.entries(names)) {
    const folder = model === undefined ? undefined : realModel(model);
    if (model !== undefined && !folder) throw new Error(`This bench needs ${model}: npm run models -- ${model}`);
    const embedder = remembering(await loadEmbedder(folder));
    rows.push(await sts(name, embedder), ...(await retrieval(name, embedder)));
    rows.push(await classification(name, "SST-2", { embedder, parts: sentiment }));
    rows.push(
      await classification(name, "20 Newsgroups", { embedder, parts: groups }),
      await clustering(name, embedder),
    );
    await embedder.dispose();
    // MiniLM comes last and takes minutes; what was measured before it is kept.
    record("mteb-formulas", rows, "20 Newsgroups: every tenth post. Figures times 100.");
  }
} finally {
  peer.close();
  rmSync(work, { recursive: true, force: true });
}
/** The same model; a text that was encoded is not encoded again. */
function remembering(embedder: Embedder): Embedder {
  const known = new Map<string, Float32Array>();
  const encode = async (texts: string | readonly string[]): Promise<Matrix> => {
    const list = typeof texts === "string" ? [texts] : texts;
    const missing = [...new Set(list)].filter((text) => !known.has(text));
    if (missing.length > 0) {
      const made = await embedder.encode(missing);
      for (const [i, text] of missing.entries()) known.set(text, made.row(i));
    }
    return list.length === 0
      ? Matrix.zeros(0, embedder.dimensions)
      : Matrix.fromRows(list.map((text) => known.get(text)!));
  };
  const own = encode as Embedder["encode"];
  return { ...embedder, encode: own, encodeQuery: own, encodeDocument: own, dispose: () => embedder.dispose() };
}

async function sts(name: string, embedder: Embedder): Promise<BenchRow> {
  const { scores } = await evaluateTask(embedder, { name: "STS-B", type: "sts", pairs }, { bootstrap: { samples: 1 } });
  const [a, b] = [
    await save(
      "a",
      embedder,
      pairs.map((one) => one.a),
    ),
    await save(
      "b",
      embedder,
      pairs.map((one) => one.b),
    ),
  ];
  const request = { task: "sts", a, b, columns: embedder.dimensions, scores: pairs.map(({ score }) => score) };
  const theirs = await peer.ask<Record<string, number>>(request);
  return same(`${name}: STS-B dev, Spearman and Pearson of the cosine`, scores, theirs, "cosine_spearman");
}

async function retrieval(name: string, embedder: Embedder): Promise<BenchRow[]> {
  const task: EvaluationTask = { name: "Cranfield", type: "retrieval", ...cranfield };
  const { scores } = await evaluateTask(embedder, task, { bootstrap: { samples: 1 } });
  const { documents, relevance } = cranfield;
  const queries = cranfield.queries.filter(({ id }) => relevance.has(id));
  const theirs = await peer.ask<Record<string, number>>({
    ...{ task: "retrieval", columns: embedder.dimensions },
    queries: await save(
      "queries",
      embedder,
      queries.map(({ text }) => text),
    ),
    documents: await save(
      "documents",
      embedder,
      documents.map(({ text }) => text),
    ),
    queryIds: queries.map(({ id }) => id),
    documentIds: documents.map(({ id }) => id),
    qrels: Object.fromEntries(Array.from(relevance, ([id, grades]) => [id, Object.fromEntries(grades)])),
  });
  return [same(`${name}: Cranfield, nDCG, MAP, recall, precision at 7 cutoffs, MRR`, scores, theirs, "ndcg_at_10")];
}

async function classification(
  name: string,
  set: string,
  { embedder, parts }: { embedder: Embedder; parts: Record<"train" | "test", LabelledText[]> },
): Promise<BenchRow> {
  const { scores } = await evaluateTask(
    embedder,
    { name: set, type: "classification", ...parts },
    { bootstrap: { samples: 1 } },
  );
  const labels = parts.train.map(({ label }) => label);
  const draws = fewShotDraws(labels, { samplesPerLabel: 8, experiments: 10, seed: 42 });
  // Only texts that are drawn are encoded; the others are zeros, which nobody looks at.
  const drawn = [...new Set(draws.flat())];
  const some = await embedder.encode(drawn.map((i) => parts.train[i].text));
  const train = Matrix.zeros(labels.length, embedder.dimensions);
  for (const [row, i] of drawn.entries()) train.row(i).set(some.row(row));
  const theirs = await peer.ask<{ draws: number[][]; accuracy: number; f1: number }>({
    ...{ task: "classification", columns: embedder.dimensions, trainLabels: labels },
    train: write("train", train),
    test: await save(
      "test",
      embedder,
      parts.test.map(({ text }) => text),
    ),
    testLabels: parts.test.map(({ label }) => label),
  });
  const sameDraws = JSON.stringify(theirs.draws) === JSON.stringify(draws);
  const difference = 100 * Math.max(Math.abs(scores["accuracy"] - theirs.accuracy), Math.abs(scores["f1"] - theirs.f1));
  return {
    what: `${name}: ${set}, 8 texts a label, accuracy and F1; the same texts drawn: ${sameDraws ? "yes" : "no"}`,
    ours: `${(100 * scores["accuracy"]).toFixed(2)}, ${(100 * scores["f1"]).toFixed(2)}`,
    peer: `${(100 * theirs.accuracy).toFixed(2)}, ${(100 * theirs.f1).toFixed(2)}`,
    figure: `difference ${difference.toFixed(3)}`,
    bar: "<= 0.2, the same texts",
    reached: difference <= 0.2 && sameDraws,
  };
}

async function clustering(name: string, embedder: Embedder): Promise<BenchRow> {
  const labels = groups.test.map(({ label }) => label);
  const vectors = await embedder.encode(groups.test.map(({ text }) => text));
  const found = Array.from(kMeans(vectors, { clusters: 20, starts: 1, seed: 1 }).labels);
  const theirs = await peer.ask<Record<string, number>>({ task: "clustering", labels, groups: found });
  const ours = { v_measure: clusterAgreement(labels, found).vMeasure };
  return same(`${name}: 20 Newsgroups, V-measure of our k-means groups`, ours, theirs, "v_measure");
}

/** All figures that the peer gives must be ours to 4 digits. */
function same(
  what: string,
  ours: Readonly<Record<string, number>>,
  theirs: Record<string, number>,
  shown: string,
): BenchRow {
  const largest = Math.max(...Object.keys(theirs).map((key) => Math.abs(ours[key] - theirs[key])));
  return {
    what,
    ours: (100 * ours[shown]).toFixed(3),
    peer: (100 * theirs[shown]).toFixed(3),
    figure: `largest difference ${largest.toExponential(1)} of ${Object.keys(theirs).length} figures`,
    bar: "< 0.00005",
    reached: largest < 5e-5,
  };
}

async function save(name: string, embedder: Embedder, texts: readonly string[]): Promise<string> {
  return write(name, await embedder.encode(texts));
}

function write(name: string, { data: values }: Matrix): string {
  const path = join(work, `${name}.f32`);
  writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return path;
}
