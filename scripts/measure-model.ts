/** The quality of an embedder on the sets that are there, × 100: what the shipped model's card reports. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readCranfield } from "../bench/cranfield.ts";
import { sharedData } from "../bench/harness.ts";
import {
  embedderRank,
  evaluateClassification,
  evaluateRetrieval,
  evaluateSts,
  readLabelledTexts,
  readStsPairs,
} from "../src/evaluation/index.ts";
import type { Embedder } from "../src/texts/index.ts";

export interface Measured {
  what: string;
  figure: string;
  /** The figure of the teacher, all-MiniLM-L6-v2. */
  teacher: string;
}

const regularisation = [0.1, 1, 10, 100, 1000];

/** STS-B dev, Cranfield, SST-2 and TREC; empty when the data are not there. */
export async function measureModel(embedder: Embedder): Promise<Measured[]> {
  if (!existsSync(join(sharedData, "sts/sts-dev.csv"))) return [];
  // TREC's questions are Latin-1.
  const read = (path: string): string =>
    readFileSync(join(sharedData, path), path.includes("TREC") ? "latin1" : "utf8");
  const sts = await evaluateSts(embedder, readStsPairs(read("sts/sts-dev.csv")));
  const task = readCranfield();
  const retrieval = await evaluateRetrieval(task, await embedderRank(embedder, task));
  const classify = async (train: string, test: string): Promise<string> => {
    const [known, asked] = [train, test].map((name) => readLabelledTexts(read(`classification/${name}`)));
    return percent(
      (await evaluateClassification(embedder, { train: known, test: asked }, { C: regularisation })).accuracy,
    );
  };
  return [
    { what: "STS-B dev", figure: percent(sts.spearman), teacher: "86.7" },
    { what: "Cranfield nDCG@10", figure: percent(retrieval.ndcg[10]), teacher: "39.6" },
    { what: "SST-2", figure: await classify("stsa.binary.train", "stsa.binary.test"), teacher: "81.4" },
    { what: "TREC", figure: await classify("TREC.train.all", "TREC.test.all"), teacher: "90.4" },
  ];
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
