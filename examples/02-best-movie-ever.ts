/** "Best movie ever!" becomes 768 numbers. Needs a real model: npm run models -- all-mpnet-base-v2 */
import { loadEmbedder } from "semspace";
import { fetchedModel } from "./fetched-model.ts";

const embedder = await loadEmbedder(fetchedModel("all-mpnet-base-v2"));

const vector = await embedder.encode("Best movie ever!");
console.log(`${vector.length} numbers`);
console.log([...vector.subarray(0, 6)].map((value) => value.toFixed(4)).join(" "));

const others = ["I loved this film.", "A waste of two hours.", "The bus leaves at nine."];
const scores = embedder.similarity(vector, await embedder.encode(others)).data;
for (const [index, text] of others.entries()) console.log(`${scores[index].toFixed(2)} ${text}`);
await embedder.dispose();

/* Prints:
768 numbers
-0.0202 0.0458 -0.0127 -0.0034 -0.0025 -0.0033
0.55 I loved this film.
0.22 A waste of two hours.
0.08 The bus leaves at nine.
*/
