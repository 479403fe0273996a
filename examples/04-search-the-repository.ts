/** Search by meaning over the texts of this repository: files become passages, passages become an index. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { loadEmbedder } from "semspace";
import { passages, readDocument } from "semspace/documents";
import { createIndex } from "semspace/search";

const folder = join(import.meta.dirname, "texts/notes");
const files = readdirSync(folder).map((name) => join(folder, name));
const documents = await Promise.all(
  files.map((path) => readDocument(path, { file: relative(import.meta.dirname, path) })),
);

const found = documents.flatMap((document) => passages(document));
const index = await createIndex(await loadEmbedder());
await index.add(found);
for (const query of ["vegan baking", "insects eating my clothes", "how to speak with foreigners", "nausea on a boat"]) {
  const [{ id, score }] = await index.search(query, { k: 1 });
  const item = found[Number(id)];
  const title = /## (.*)/.exec(item.text)?.[1];
  console.log(`${query}: ${title} (${item.file}:${item.line}, ${score.toFixed(2)})`);
}

/* Prints:
vegan baking: Cake without eggs (texts/notes/kitchen.md:31, 0.69)
insects eating my clothes: Moths in the wardrobe (texts/notes/house.md:19, 0.59)
how to speak with foreigners: Languages (texts/notes/travel.md:27, 0.50)
nausea on a boat: Seasickness (texts/notes/travel.md:19, 0.50)
*/
