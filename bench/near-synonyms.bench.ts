/**
 * Are the neighbours of a word its near-synonyms? WordNet 3.1 judges the ten nearest words of the 1,000 most frequent nouns, among the
 * 30,000 most frequent words: of word2vec (skip-gram) trained on 17 M words of Wikipedia, ours and gensim's with the same settings, and
 * for comparison of GloVe's vectors of 6 billion words. Whole processes, as in word2vec.bench.ts; our side is the built package.
 *
 *   BENCH_WORDS, BENCH_EPOCHS        a smaller corpus, fewer epochs
 *   BENCH_OURS, BENCH_GENSIM=FILE    vectors that were trained before (those that word2vec.bench.ts leaves in bench/work)
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Judged, precisionAt10, WordNet } from "../examples/wordnet.ts";
import { cacheFolder } from "../src/platform/node.ts";
import { loadWordVectors, type WordVectors } from "../src/words/index.ts";
import { type BenchRow, need, peerPython, record } from "./harness.ts";
import { wikiCorpus } from "./word-corpus.ts";
import { needBuilt, trainGensim, trainOurs } from "./word2vec-sides.ts";

const words = Number(process.env["BENCH_WORDS"] ?? Infinity);
const epochs = Number(process.env["BENCH_EPOCHS"] ?? 5);
const wordNet = new WordNet();

const ours = await loadWordVectors(process.env["BENCH_OURS"] ?? train(trainOurs), { limit: 30_000 });
const gensim = await loadWordVectors(process.env["BENCH_GENSIM"] ?? train(trainGensim), { limit: 30_000 });
const nouns = ours.words.filter((word) => wordNet.isNoun(word) && gensim.has(word)).slice(0, 1000);

const [own, peer] = [judge(ours), judge(gensim)];
const rows = [row("synonyms"), row("related")];
const gloveFile = join(cacheFolder()!, "models/glove-6b-50d/vectors.npy");
const glove = existsSync(gloveFile) && judge(await loadWordVectors(gloveFile, { limit: 30_000 }));
const note = glove
  ? ` GloVe of 6 billion words, 50 dimensions, judged likewise: ${percent(glove.synonyms)} synonyms, ${percent(glove.related)} related.`
  : "";
const setting = `${Number.isFinite(words) ? words : "17 M"} words, ${epochs} epochs, one seed; ${nouns.length} nouns`;
record("near-synonyms", rows, `${setting}.${note}`);

function train(side: typeof trainGensim): string {
  need(peerPython, "the Python peers (bash bench/setup-peers.sh)");
  needBuilt();
  return side({ corpus: wikiCorpus(words), architecture: "skip-gram", epochs, seed: 1 }).output;
}

function judge(vectors: WordVectors): Judged {
  const known = nouns.filter((word) => vectors.has(word));
  return precisionAt10(wordNet, known, (word) => vectors.mostSimilar(word, { top: 20 }).map((near) => near.word));
}

function row(what: keyof Judged): BenchRow {
  const difference = 100 * (own[what] - peer[what]);
  return {
    what: `of the ten nearest words, ${what} by WordNet`,
    ours: percent(own[what]),
    peer: `gensim ${percent(peer[what])}`,
    figure: `${difference >= 0 ? "+" : ""}${difference.toFixed(2)} points`,
    bar: "not worse by more than 0.5 points",
    reached: difference >= -0.5,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
