/** One vector for each token of "Hello world", in its context. Needs a real model: npm run models -- all-MiniLM-L6-v2 */
import { loadEmbedder } from "semspace";
import { fetchedModel } from "./fetched-model.ts";

const embedder = await loadEmbedder(fetchedModel("all-MiniLM-L6-v2"));

const { tokens, vectors } = await embedder.encode("Hello world", { output: "tokens" });
console.log(`${vectors.rows} tokens x ${vectors.columns} numbers`);
for (const [index, token] of tokens.entries()) {
  const start = [...vectors.row(index).subarray(0, 4)].map((value) => value.toFixed(3)).join(" ");
  console.log(`${token.padEnd(6)} ${start} …`);
}

// The same word in two contexts has two vectors; a word vector of the old kind would be one.
const sentences = [
  "He sat by the bank of the river.",
  "She deposited money in the bank.",
  "They walked along the shore of the lake.",
];
const [river, money, shore] = await embedder.encode(sentences, { output: "tokens" });
const bank = (text: typeof river, word: string) => text.vectors.row(text.tokens.indexOf(word));
console.log(`bank (river) ~ shore: ${similarity(bank(river, "bank"), bank(shore, "shore"))}`);
console.log(`bank (money) ~ shore: ${similarity(bank(money, "bank"), bank(shore, "shore"))}`);

await embedder.dispose();

function similarity(a: Float32Array, b: Float32Array): string {
  return embedder.similarity(a, b).data[0].toFixed(2);
}
