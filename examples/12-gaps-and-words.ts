/** A language model fills gaps and weighs words. Needs a small real model: npm run models */
import { dotSparse, loadSparseEncoder } from "semspace";
import { loadMaskedLanguageModel } from "semspace/tasks";
import { fetchedModel } from "./fetched-model.ts";

const folder = fetchedModel("bert-tiny-splade");

const language = await loadMaskedLanguageModel(folder);
for (const { token, score } of await language.fillMask("Paris is the [MASK] of France.", { topK: 3 }))
  console.log(`${score.toFixed(3)} ${token}`);
await language.dispose();

const splade = await loadSparseEncoder(folder);
const [query, ...texts] = await splade.encodeSparse([
  "what is the capital of france",
  "Paris is the largest French city.",
  "A man is playing a guitar.",
]);
console.log(
  splade
    .tokens(query, 5)
    .map(({ token, weight }) => `${token} ${weight.toFixed(2)}`)
    .join(", "),
);
for (const text of texts) console.log(dotSparse(query, text).toFixed(2));
await splade.dispose();

/* Prints:
0.114 city
0.057 mountains
0.041 france
capital 2.79, france 2.36, french 1.84, city 1.31, brazil 1.05
12.23
0.74
*/
