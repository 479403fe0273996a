// Streams sentences through an embedder of the built package and keeps none. Arguments: dist/index.js, the model's folder, a corpus (.gz), how many.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { createGunzip } from "node:zlib";

const [dist, folder, corpus, limit] = process.argv.slice(2);
const { loadEmbedder } = await import(pathToFileURL(dist).href);
const embedder = await loadEmbedder(folder);
let rows = 0;
for await (const matrix of embedder.encode(sentences(Number(limit)))) rows += matrix.rows;
if (rows !== Number(limit)) throw new Error(`${rows} vectors for ${limit} sentences.`);
await embedder.dispose();

async function* sentences(count) {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  const lines = createInterface({ input: createReadStream(corpus).pipe(createGunzip()), crlfDelay: Infinity });
  for await (const line of lines) {
    for (const { segment } of segmenter.segment(line)) {
      if (segment.trim() === "") continue;
      if (count-- === 0) return;
      yield segment.trim();
    }
  }
}
