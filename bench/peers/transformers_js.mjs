// Encodes with transformers.js in float32, batches of 32. Arguments: its node_modules, the folder of models, a model's name, threads.
// A request {"texts": […]} is answered with {"seconds": …}.
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [modules, models, name, threads] = process.argv.slice(2);
const entry = join(modules, "@huggingface/transformers/dist/transformers.node.mjs");
const { env, pipeline } = await import(pathToFileURL(entry).href);
env.allowRemoteModels = false;
env.localModelPath = models;
const options = { dtype: "fp32", device: "cpu", session_options: { intraOpNumThreads: Number(threads) } };
const extract = await pipeline("feature-extraction", name, options);

for await (const line of createInterface({ input: process.stdin })) {
  const { texts } = JSON.parse(line);
  const start = performance.now();
  for (let i = 0; i < texts.length; i += 32) {
    await extract(texts.slice(i, i + 32), { pooling: "mean", normalize: true });
  }
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));
}
