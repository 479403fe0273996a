/** Search by meaning over the texts of this repository: files become passages, passages become an index. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { loadEmbedder } from "semspace";
import { passages, readDocument } from "semspace/documents";
import { createIndex } from "semspace/search";

const folder = join(import.meta.dirname, "texts/fables");
const files = readdirSync(folder).map((name) => join(folder, name));
const documents = await Promise.all(
  files.map((path) => readDocument(path, { file: relative(import.meta.dirname, path) })),
);

const index = await createIndex(
  documents.flatMap((document) => passages(document)),
  { embedder: await loadEmbedder() },
);
for (const query of [
  "pretending not to want what you cannot have",
  "slow but steady work wins",
  "nobody believes a liar",
]) {
  console.log(`\n${query}`);
  for (const { item, score } of await index.search(query, { top: 2 })) {
    console.log(`  ${score.toFixed(2)} ${item.file}:${item.line}`);
  }
}
