/** A fable in two of its own sentences, and in five phrases. */
import { readFileSync } from "node:fs";
import { loadEmbedder } from "semspace";
import { keywords, summarize } from "semspace/tasks";

const fable = readFileSync("examples/texts/fables/the-milkmaid-and-her-pail.md", "utf8");
const embedder = await loadEmbedder();

const { sentences } = await summarize(fable, embedder, { sentences: 2 });
for (const { text, start } of sentences) console.log(`from ${start}: ${text.replace(/\s+/g, " ")}`);
const phrases = await keywords(fable, embedder, { ngrams: [1, 2], contiguous: true, diversity: 0.3 });
console.log(phrases.map(({ keyword, score }) => `${keyword} ${score.toFixed(2)}`).join(", "));

/* Prints:
from 0: # The milkmaid and her pail
from 217: She tossed it, and the pail fell, and with the milk went everything that she had bought.
milkmaid 0.64, milk went 0.58, pail fell 0.36, hens 0.35, girl carrying 0.32
*/
