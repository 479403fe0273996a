/** Texts without those that say nearly the same as one before; the most alike pairs; and which sentence of one list belongs to which of another. */
import { loadEmbedder } from "semspace";
import { bitextMining, deduplicate, paraphraseMining } from "semspace/tasks";

const embedder = await loadEmbedder();
const lines = [
  "The parcel arrived on Monday.",
  "Where can I park near the station?",
  "The parcel arrived on monday!",
  "Is there parking by the station?",
  "The soup needs more salt.",
  "The parcel arrived on Monday.",
];

const { kept, duplicates } = await deduplicate(lines, embedder, { threshold: 0.95 });
console.log(
  `kept ${Array.from(kept).join(" ")}; ${duplicates.map(({ index, of }) => `${index} repeats ${of}`).join(", ")}`,
);

const clean = Array.from(kept, (i) => lines[i]);
const [pair] = await paraphraseMining(clean, embedder);
console.log(`${pair.score.toFixed(2)}  ${clean[pair.first]}\n      ${clean[pair.second]}`);

const answers = ["Park behind the station.", "More salt will do the soup good.", "Your parcel came on Monday."];
for (const { source, target, score } of await bitextMining(clean, answers, { embedder, neighbors: 2 }))
  console.log(`${score.toFixed(2)}  ${clean[source]} → ${answers[target]}`);

/* Prints:
kept 0 1 3 4; 2 repeats 0, 5 repeats 0
0.74  Where can I park near the station?
      Is there parking by the station?
2.07  The soup needs more salt. → More salt will do the soup good.
1.96  The parcel arrived on Monday. → Your parcel came on Monday.
1.39  Where can I park near the station? → Park behind the station.
*/
