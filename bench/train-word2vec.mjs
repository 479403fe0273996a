/**
 * Our side of word2vec.bench.ts as a process of its own, on the built package: corpus, settings as JSON and output on the command line.
 * Prints the seconds of the training without reading and writing, and the peak memory.
 */
import { encodeCorpus, saveWordVectors, trainWord2Vec } from "semspace/words";

const [path, settings, output] = process.argv.slice(2);
const corpus = await encodeCorpus(path);
const start = performance.now();
const { vectors, losses } = await trainWord2Vec(corpus, JSON.parse(settings));
const seconds = (performance.now() - start) / 1000;
await corpus.dispose();
await saveWordVectors(vectors, output);
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ words: vectors.size, tokens: corpus.tokens, seconds, losses, peakBytes }));
