/** What the shipped model's card and its bench report of a model, × 100: the sets of `SEMSPACE_SHARED_DATA`, none of which it has seen. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCranfield } from "../../bench/cranfield.ts";
import { sharedData } from "../../bench/harness.ts";
import { readTwentyNewsgroups } from "../../bench/twenty-newsgroups.ts";
import {
  embedderRank,
  evaluateClassification,
  evaluateRetrieval,
  evaluateSts,
  type LabelledText,
  readLabelledTexts,
  readStsPairs,
} from "../../src/evaluation/index.ts";
import type { Matrix } from "../../src/matrix/index.ts";
import { createIndex } from "../../src/search/index.ts";
import type { Embedder } from "../../src/texts/index.ts";

export const measures = ["STS-B dev", "Cranfield", "Cranfield, hybrid", "SST-2", "TREC", "20 Newsgroups"] as const;
export type MeasureName = (typeof measures)[number];
export type Measured = Record<MeasureName, number>;

const candidates = [1, 10];

/** All of them. Minutes, for the classifiers. */
export async function measureModel(embedder: Embedder): Promise<Measured> {
  const classes = (name: string, encoding = "utf8"): LabelledText[] =>
    readLabelledTexts(new TextDecoder(encoding).decode(readFileSync(join(sharedData, "classification", name))));
  const probe = async (train: LabelledText[], test: LabelledText[]): Promise<number> =>
    100 * (await evaluateClassification(embedder, { train, test }, { C: candidates })).accuracy;
  const groups = readTwentyNewsgroups();
  return {
    "STS-B dev": await measureSts(embedder),
    ...(await measureSearch(embedder)),
    "SST-2": await probe(classes("stsa.binary.train"), classes("stsa.binary.test")),
    // The questions are Latin-1.
    TREC: await probe(classes("TREC.train.all", "latin1"), classes("TREC.test.all", "latin1")),
    "20 Newsgroups": await probe(groups.train, groups.test),
  };
}

/** Spearman's correlation of the cosine, with the first dimensions alone where `dimensions` is given. */
export async function measureSts(embedder: Embedder, dimensions?: number): Promise<number> {
  const pairs = readStsPairs(readFileSync(join(sharedData, "sts/sts-dev.csv"), "utf8"));
  const cut = dimensions === undefined ? {} : { truncateDim: dimensions };
  const encode = (texts: readonly string[]): Promise<Matrix> => embedder.encode(texts, cut);
  return 100 * (await evaluateSts({ encode: encode as Embedder["encode"] }, pairs)).spearman;
}

/** nDCG@10: whole abstracts by their cosine alone, and with BM25 as `semspace search` fuses the two. */
async function measureSearch(embedder: Embedder): Promise<Pick<Measured, "Cranfield" | "Cranfield, hybrid">> {
  const task = readCranfield();
  const alone = await evaluateRetrieval(task, await embedderRank(embedder, task), { cutoffs: [10] });
  const index = await createIndex(embedder, { dtype: "int8" });
  await index.add(task.documents.map(({ text }) => text));
  const rank = async (query: string, k: number) =>
    (await index.search(query, { k, mode: "hybrid" })).map(({ id, score }) => ({ index: Number(id), score }));
  const hybrid = await evaluateRetrieval(task, rank, { cutoffs: [10] });
  return { Cranfield: 100 * alone.ndcg[10], "Cranfield, hybrid": 100 * hybrid.ndcg[10] };
}
