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
