/** Sentences that nobody sorted: groups by meaning, their number found, the words that name them, and the sentence in the middle of each. */
import { pcaPlane, scatterSvg } from "semspace/projection";
import { cluster } from "semspace/tasks";

const sentences = [
  "The rocket left the launch pad for the moon.",
  "Bake the bread in a hot oven.",
  "The orchestra played a symphony.",
  "The bank raised its interest rates.",
  "A satellite in orbit around the moon.",
  "Cook the soup with salt and butter.",
  "A concert for piano and orchestra.",
  "Shares of the bank fell on the stock market.",
  "The rocket carried a satellite into orbit.",
  "Fry the onions in butter.",
  "She plays the piano and the violin.",
  "The market expects higher profits of the bank.",
  "Astronauts will walk on the moon again.",
  "Fresh bread and butter with the soup.",
  "The singer and the orchestra recorded a song.",
  "Investors sold their shares in the bank.",
  "My aunt found an umbrella on the train.",
];
const { clusters, labels, vectors, silhouette } = await cluster(sentences, { words: 3, central: 1 });
console.log(`${sentences.length} sentences, ${clusters.length} groups, silhouette ${silhouette.toFixed(2)}`);
for (const { size, words, central } of clusters)
  console.log(`${size}  ${words.join(", ").padEnd(26)}  ${central.map((i) => sentences[i]).join("")}`);

// Groups by density leave out what belongs nowhere.
const dense = await cluster(sentences, { method: "hdbscan", least: 3 });
const alone = sentences.filter((_, i) => dense.labels[i] < 0);
console.log(`by density ${dense.clusters.length} groups, and in none: ${alone.join(" ")}`);

const svg = scatterSvg(pcaPlane(vectors), { groups: labels }); // for many texts umap(vectors) in place of pcaPlane(vectors)
console.log(`a picture of ${svg.split("<circle").length - 1} points`);

/* Prints:
17 sentences, 5 groups, silhouette 0.24
4  moon, orbit, rocket         A satellite in orbit around the moon.
4  butter, bread, soup         Fresh bread and butter with the soup.
4  orchestra, piano, concert   A concert for piano and orchestra.
4  bank, market, shares        Investors sold their shares in the bank.
1  aunt, train, umbrella       My aunt found an umbrella on the train.
by density 4 groups, and in none: My aunt found an umbrella on the train.
a picture of 17 points
*/
