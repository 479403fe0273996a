/**
 * How often is a word's neighbour a near-synonym? WordNet judges the ten nearest words of the 200 most frequent nouns: of vectors
 * learned here from eight speeches (37,000 words: a text of that size teaches little, and the numbers show it), of words drawn at
 * random, and of GloVe's vectors, which come from six billion words. bench/near-synonyms.bench.ts does the same with 17 million.
 */
import { readdirSync, readFileSync } from "node:fs";
import { loadWordVectors, trainWord2Vec, type WordVectors } from "semspace/words";
import { fetchedModel } from "./fetched-model.ts";
import { type Judged, precisionAt10, WordNet } from "./wordnet.ts";

const folder = "examples/texts/speeches";
const sentences = readdirSync(folder).flatMap((name) => readFileSync(`${folder}/${name}`, "utf8").split("\n"));
const tokenize = (text: string): string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];
const { vectors } = await trainWord2Vec(sentences, { tokenize, dimensions: 50, epochs: 30, learningRate: 0.05 });

const wordNet = new WordNet();
const nouns = vectors.words.filter((word) => wordNet.isNoun(word)).slice(0, 200);
// A step that shares no divisor with the number of words: every word comes once before any comes twice.
const drawn = (word: string): string[] =>
  Array.from({ length: 20 }, (_, i) => vectors.words[(vectors.indexOf(word) + 1 + i * 389) % vectors.size]);
const nearest = (of: WordVectors) => (word: string) => of.mostSimilar(word, { top: 20 }).map((near) => near.word);

show("drawn at random", precisionAt10(wordNet, nouns, drawn));
show("eight speeches", precisionAt10(wordNet, nouns, nearest(vectors)));
const glove = await loadWordVectors(`${fetchedModel("glove-6b-50d")}/vectors.npy`, { limit: 50_000 });
show("GloVe", precisionAt10(wordNet, nouns, nearest(glove)));
for (const word of ["country", "money", "doctor"])
  console.log(`${word}: ${nearest(glove)(word).slice(0, 5).join(", ")}`);

function show(name: string, { synonyms, related }: Judged): void {
  const percent = (share: number): string => `${(100 * share).toFixed(1).padStart(4)} %`;
  console.log(`${name.padEnd(16)} of ten neighbours, synonyms ${percent(synonyms)}, related ${percent(related)}`);
}

/* Prints:
drawn at random  of ten neighbours, synonyms  0.1 %, related  1.6 %
eight speeches   of ten neighbours, synonyms  0.4 %, related  3.8 %
GloVe            of ten neighbours, synonyms  2.8 %, related 13.4 %
country: nation, bringing, now, countries, still
money: cash, paying, funds, pay, raise
doctor: nurse, physician, patient, child, teacher
*/
