/**
 * Retrieval on Cranfield: nDCG@10 of BM25, of the shipped model, and of hybrid search as `semspace search` does it, beside
 * bm25s (method "lucene") on the same tokens.
 *
 * The default fusion weighs both sides alike, so nothing in it was fitted. That it works by score and not by rank was chosen here; the last
 * row shows what such a choice is worth: a fusion is picked on the odd queries and measured on the even ones.
 */
import { evaluateRetrieval, type Rank, type RetrievalTask } from "../src/evaluation/index.ts";
import {
  bestHits,
  createIndex,
  createLexicalIndex,
  reciprocalRankFusion,
  type SearchMode,
  termReader,
  weightedFusion,
} from "../src/search/index.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { readCranfield } from "./cranfield.ts";
import { type BenchRow, clock, interleave, Peer, record } from "./harness.ts";

const k1 = 1.5;
const b = 0.75;
const depth = 100;
const task = readCranfield();
const texts = task.documents.map(({ text }) => text);
const embedder = await loadEmbedder();
const index = await createIndex(embedder, { dtype: "int8" });
await index.add(texts);
const lexical = createLexicalIndex(texts);

const bm25 = await ndcg((query, k) => lexical.search(query, k));
const semantic = await ndcg(search("semantic"));
const hybrid = await ndcg(search("hybrid"));
const peer = await bm25s();
const chosen = await chooseOnHalf();
await embedder.dispose();

const points = (value: number): string => (100 * value).toFixed(2);
const row = (
  what: string,
  [ours, theirs]: [number, string],
  [figure, bar, reached]: [string, string, boolean],
): BenchRow => ({
  what: `Cranfield nDCG@10: ${what}`,
  ours: points(ours),
  peer: theirs,
  figure,
  bar,
  reached,
});
record(
  "cranfield",
  [
    row(
      "BM25, against bm25s on the same tokens",
      [bm25, points(peer.ndcg)],
      [`difference ${Math.abs(bm25 - peer.ndcg).toFixed(5)}`, "<= 0.005", Math.abs(bm25 - peer.ndcg) <= 0.005],
    ),
    row("the shipped model alone", [semantic, "27.4 (model2vec.distill)"], [points(semantic), "none", true]),
    row(
      "hybrid (scores to their range, at least a full match for words, equal weights)",
      [hybrid, `${points(bm25)} (our BM25)`],
      [`${points(hybrid - bm25)} points`, ">= 1 point", hybrid >= bm25 + 0.01],
    ),
    row(
      `${chosen.name}: chosen on the odd queries, measured on the even`,
      [chosen.even, `${points(chosen.bm25)} (our BM25)`],
      [`${points(chosen.even - chosen.bm25)} points`, "none", true],
    ),
    {
      what: "BM25: index of 1,400 abstracts from tokens",
      ours: `${(1000 * peer.index.ours.median).toFixed(0)} ms`,
      peer: `${(1000 * peer.index.theirs.median).toFixed(0)} ms`,
      figure: `${(peer.index.theirs.median / peer.index.ours.median).toFixed(1)} times`,
      bar: "none",
      reached: true,
    },
    {
      what: "BM25: 225 queries, the best 100 each",
      ours: `${(1000 * peer.query.ours.median).toFixed(0)} ms`,
      peer: `${(1000 * peer.query.theirs.median).toFixed(0)} ms`,
      figure: `${(peer.query.theirs.median / peer.query.ours.median).toFixed(1)} times`,
      bar: "none",
      reached: true,
    },
  ],
  `Binary relevance, 225 queries, text without the separate title. Hybrid is \`semspace search\`'s own index (vectors in int8). k1 ${k1}, b ${b}.`,
);

function search(mode: SearchMode): Rank {
  return async (query, k) =>
    (await index.search(query, { k, mode })).map(({ id, score }) => ({ index: Number(id), score }));
}

async function ndcg(rank: Rank, part: RetrievalTask = task): Promise<number> {
  return (await evaluateRetrieval(part, rank, { cutoffs: [10], depth })).ndcg[10];
}

/** bm25s on our tokens, its rankings measured by us; and the speed of both from tokens. */
async function bm25s() {
  const read = termReader();
  const documents = texts.map(read);
  const queries = task.queries.map(({ text }) => read(text));
  const process = new Peer("bm25s_cranfield.py");
  const ask = () =>
    process.ask<{ rankings: number[][]; indexSeconds: number; querySeconds: number }>({
      documents,
      queries,
      k1,
      b,
      k: depth,
    });
  const rankings = new Map((await ask()).rankings.map((ranking, i) => [task.queries[i].text, ranking]));
  const byTokens = { terms: (text: string) => text.split(" ") };
  const joined = documents.map((tokens) => tokens.join(" "));
  const asked = queries.map((tokens) => tokens.join(" "));
  let ready = createLexicalIndex(joined, byTokens);
  const index = await interleave({
    ours: () => clock(() => (ready = createLexicalIndex(joined, byTokens))),
    theirs: async () => (await ask()).indexSeconds,
  });
  const query = await interleave({
    ours: () => clock(() => asked.forEach((text) => ready.search(text, depth))),
    theirs: async () => (await ask()).querySeconds,
  });
  process.close();
  return { ndcg: await ndcg((text) => rankings.get(text)!.map((index) => ({ index, score: 0 }))), index, query };
}

/** The fusion that is best on the odd queries, and how it and BM25 do on the even ones. */
async function chooseOnHalf() {
  const vectors = await embedder.encodeDocument(texts);
  const scores = new Map<string, [Float32Array, Float32Array]>();
  for (const { text } of task.queries) {
    const cosines = embedder.similarity(await embedder.encodeQuery(text), vectors).data;
    scores.set(text, [cosines, lexical.scores(text)]);
  }
  const candidates: { name: string; rank: Rank }[] = [];
  for (const weight of [0.2, 0.3, 0.4, 0.5, 0.6]) {
    const weights = [weight, 1 - weight];
    for (const scale of ["minmax", "zscore"] as const) {
      const rank: Rank = (text, top) => weightedFusion(scores.get(text)!, { scale, weights, top });
      candidates.push({ name: `${scale}, weight of meaning ${weight}`, rank });
    }
    const rank: Rank = (text, top) => {
      const [cosines, words] = scores.get(text)!;
      return reciprocalRankFusion([bestHits(cosines, 1000), bestHits(words, 1000, 0)], { weights, top });
    };
    candidates.push({ name: `reciprocal ranks, weight of meaning ${weight}`, rank });
  }
  const half = (rest: number): RetrievalTask => ({ ...task, queries: task.queries.filter((_, i) => i % 2 === rest) });
  const measured = [];
  for (const { name, rank } of candidates) {
    measured.push({ name, odd: await ndcg(rank, half(0)), even: await ndcg(rank, half(1)), all: await ndcg(rank) });
  }
  console.table(measured);
  const best = measured.reduce((a, c) => (c.odd > a.odd ? c : a));
  return { ...best, bm25: await ndcg((query, k) => lexical.search(query, k), half(1)) };
}
