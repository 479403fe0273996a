/** An index that stays: notes with metadata in a folder, changed, closed, opened again, searched with filters. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEmbedder } from "semspace";
import { createIndex, openIndex } from "semspace/search";

const path = join(mkdtempSync(join(tmpdir(), "semspace-example-")), "notes.index");
const embedder = await loadEmbedder();

const index = await createIndex(embedder, { path });
await index.add([
  { id: "cake", text: "Ripe bananas bind a batter instead of eggs.", metadata: { room: "kitchen", year: 2021 } },
  { id: "knife", text: "Sharpen the knife before you cut onions.", metadata: { room: "kitchen", year: 2024 } },
  { id: "slugs", text: "Copper tape keeps slugs out of pots.", metadata: { room: "garden", year: 2023 } },
  { id: "moths", text: "Cedar wood keeps moths out of the wardrobe.", metadata: { room: "bedroom", year: 2020 } },
]);
await index.update("moths", { text: "Lavender keeps moths away from woollen clothes." });
await index.delete("knife");
await index.close();

const again = await openIndex(path, embedder);
console.log(`${await again.count()} notes`);
for (const [query, filter] of [
  ["vegan baking", {}],
  ["protect clothes from insects", {}],
  ["pests", { room: { $ne: "bedroom" }, year: { $gte: 2022 } }],
] as const) {
  const [{ id, text, metadata }] = await again.search(query, { k: 1, filter });
  console.log(`${query}: ${id} (${Number(metadata?.["year"])}): ${text}`);
}
await again.close();
rmSync(path, { recursive: true });

/* Prints:
3 notes
vegan baking: cake (2021): Ripe bananas bind a batter instead of eggs.
protect clothes from insects: moths (2020): Lavender keeps moths away from woollen clothes.
pests: slugs (2023): Copper tape keeps slugs out of pots.
*/
