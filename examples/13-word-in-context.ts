/**
 * The article's bank: a static model gives a word one vector, a transformer another one in every sentence. Chinese too.
 * Needs real models: npm run models -- all-MiniLM-L6-v2 bge-small-zh-v15-onnx
 */
import { loadContextualEmbedder } from "semspace/tasks";
import { fetchedModel } from "./fetched-model.ts";

const miniLm = fetchedModel("all-MiniLM-L6-v2");
const chinese = fetchedModel("bge-small-zh-v15-onnx");

const sentences = [
  "He sat by the bank of the river.",
  "She deposited money in the bank.",
  "We fished from the bank of the stream.",
  "The bank lent him money for a house.",
  "Reeds grow on the muddy bank.",
  "My bank charges fees for every account.",
];
const fixed = await loadContextualEmbedder(); // the shipped model, which is static
const context = await loadContextualEmbedder(miniLm, { attentions: [5] });

for (const model of [fixed, context]) {
  const { similarities } = await model.wordInContext(sentences.slice(0, 3), "bank");
  const [, money, stream] = similarities.row(0);
  console.log(`${model.kind.padEnd(11)}  river ~ stream ${stream.toFixed(2)}  river ~ money ${money.toFixed(2)}`);
}

const { senses } = await context.senses(sentences, "bank");
for (const { words, sentences: lines } of senses) {
  console.log(`bank: ${words.join(", ")}`);
  for (const line of lines) console.log(`  ${line}`);
}

// What "bank" looks at in the last layer, the mean of all heads.
const { tokens, weights } = await context.attentions(sentences[0], { layer: 5 });
const bank = weights.row(tokens.indexOf("bank"));
const top = [...tokens.keys()].slice(1, -1).toSorted((a, b) => bank[b] - bank[a]);
console.log(
  top
    .slice(0, 3)
    .map((i) => `${tokens[i]} ${bank[i].toFixed(2)}`)
    .join("  "),
);
await context.dispose();

const zh = await loadContextualEmbedder(chinese);
const uses = ["河边的银行", "银行账户", "河岸边有一家银行", "我的银行账户里没有钱"];
const { similarities } = await zh.wordInContext(uses, "银行");
for (const [i, use] of uses.entries()) {
  console.log(`${[...similarities.row(i)].map((value) => value.toFixed(2)).join(" ")}  ${use}`);
}
await zh.dispose();

/* Prints:
static       river ~ stream 1.00  river ~ money 1.00
transformer  river ~ stream 0.93  river ~ money 0.84
bank: fished, stream, river, reeds, muddy
  We fished from the bank of the stream.
  He sat by the bank of the river.
  Reeds grow on the muddy bank.
bank: money, deposited, charges, account, house
  The bank lent him money for a house.
  She deposited money in the bank.
  My bank charges fees for every account.
bank 0.11  sat 0.10  river 0.10
1.00 0.74 0.92 0.61  河边的银行
0.74 1.00 0.70 0.82  银行账户
0.92 0.70 1.00 0.58  河岸边有一家银行
0.61 0.82 0.58 1.00  我的银行账户里没有钱
*/
