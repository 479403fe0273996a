/** Which word does not belong? Word vectors made of the shipped model, and what can be asked of any word2vec, GloVe or fastText file. */
import { loadEmbedder } from "semspace";
import { WordVectors } from "semspace/words";

const lists = [
  ["breakfast", "lunch", "dinner", "screwdriver"],
  ["violin", "guitar", "piano", "potato"],
  ["Monday", "Friday", "Sunday", "London"],
  ["lion", "tiger", "leopard", "bicycle"],
];
const words = [...new Set(lists.flat())];
const embedder = await loadEmbedder();
// The same class that loadWordVectors("glove.6B.50d.txt") and trainWord2Vec("corpus.txt") give.
const vectors = new WordVectors(words, await embedder.encode(words));

for (const list of lists) console.log(`${list.join(", ")}: ${vectors.doesntMatch(list)}`);
for (const word of ["lunch", "guitar", "tiger"]) {
  const near = vectors.mostSimilar(word, { top: 2 }).map((neighbor) => neighbor.word);
  console.log(`near ${word}: ${near.join(", ")}`);
}

/* Prints:
breakfast, lunch, dinner, screwdriver: screwdriver
violin, guitar, piano, potato: potato
Monday, Friday, Sunday, London: London
lion, tiger, leopard, bicycle: bicycle
near lunch: breakfast, dinner
near guitar: violin, piano
near tiger: lion, leopard
*/
