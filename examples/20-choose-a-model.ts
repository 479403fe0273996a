/**
 * Which model is better for MY data? Two models on the same questions, with intervals and a paired comparison: the shipped one, and word
 * vectors that were just learned from the very texts that are searched.
 */
import { readdirSync, readFileSync } from "node:fs";
import { embedderOfWords, loadEmbedder } from "semspace";
import { type EvaluationTask, evaluateTask, pairedBootstrap } from "semspace/evaluation";
import { trainWord2Vec } from "semspace/words";

const folder = "examples/texts/speeches";
const sentences = readdirSync(folder).flatMap((file) =>
  readFileSync(`${folder}/${file}`, "utf8")
    .trim()
    .split("\n")
    .map((text) => ({ text, label: Number(file.slice(0, 4)) < 1900 ? "19th" : "20th" })),
);
// Do the vectors know the century? Eight sentences of each teach, all others ask; ten times.
const task: EvaluationTask = {
  name: "century",
  type: "classification",
  train: sentences.filter((_, i) => i % 2 === 0),
  test: sentences.filter((_, i) => i % 2 === 1),
};

const words = sentences.map(({ text }) => text.toLowerCase().replace(/[^a-z]+/g, " "));
const { vectors } = await trainWord2Vec(words, { dimensions: 64, minCount: 2, epochs: 20, seed: 1 });
const models = { shipped: await loadEmbedder(), "learned here": await embedderOfWords(vectors, { name: "word2vec" }) };
const results = [];
for (const [name, model] of Object.entries(models)) {
  const result = await evaluateTask(model, task);
  results.push(result);
  const { low, high } = result.interval;
  console.log(
    `${name.padEnd(12)} ${result.metric} ${result.mainScore.toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`,
  );
}
const { difference, notBetter } = pairedBootstrap(results[0].statistic, results[1].statistic);
const verdict = notBetter < 0.05 ? "better beyond chance" : "not to be told apart on these texts";
console.log(`shipped - learned here: ${difference.toFixed(3)}, ${verdict}`);

/* Prints:
shipped      accuracy 0.65 (0.63 … 0.67)
learned here accuracy 0.61 (0.59 … 0.62)
shipped - learned here: 0.043, better beyond chance
*/
