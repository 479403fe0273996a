/** Words of one meaning lie near each other, with the model that the package ships. */
import { loadEmbedder } from "semspace";

const embedder = await loadEmbedder();

for (const [a, b] of [
  ["king", "queen"],
  ["doctor", "hospital"],
  ["banana", "keyboard"],
] as const) {
  const similarity = embedder.similarity(await embedder.encode(a), await embedder.encode(b)).data[0];
  console.log(`${a} ~ ${b}: ${similarity.toFixed(2)}`);
}

/* Prints:
king ~ queen: 0.44
doctor ~ hospital: 0.45
banana ~ keyboard: 0.09
*/
