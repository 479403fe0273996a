/** Our side of word2vec.bench.ts as a process of its own: corpus, settings as JSON and output on the command line; prints its peak memory. */
import { saveWordVectors, trainWord2Vec, type Word2VecOptions } from "../src/words/index.ts";

const [corpus, settings, output] = process.argv.slice(2);
const { vectors, losses } = await trainWord2Vec(corpus, JSON.parse(settings) as Word2VecOptions);
await saveWordVectors(vectors, output);
console.log(JSON.stringify({ words: vectors.size, losses, peakBytes: process.resourceUsage().maxRSS * 1024 }));
