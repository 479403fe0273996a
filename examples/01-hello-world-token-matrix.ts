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

// The article's bank: in its context the same word has another vector each time, nearer where it means the same.
const sentences = [
  "He sat by the bank of the river.",
  "We fished from the bank of the stream.",
  "She deposited money in the bank.",
];
const [river, stream, money] = (await embedder.encode(sentences, { output: "tokens" })).map(({ tokens, vectors }) =>
  vectors.row(tokens.indexOf("bank")),
);
console.log(`bank (river) ~ bank (stream): ${similarity(river, stream)}`);
console.log(`bank (river) ~ bank (money):  ${similarity(river, money)}`);

await embedder.dispose();

function similarity(a: Float32Array, b: Float32Array): string {
  return embedder.similarity(a, b).data[0].toFixed(2);
}

/* Prints:
4 tokens x 384 numbers
[CLS]  0.176 0.039 0.078 0.259 …
hello  -0.451 0.285 0.431 -0.168 …
world  -0.101 0.309 -0.244 -0.109 …
[SEP]  -0.414 0.078 -0.111 0.616 …
bank (river) ~ bank (stream): 0.93
bank (river) ~ bank (money):  0.84
*/
