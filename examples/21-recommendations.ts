/** What goes with what was taken? From baskets alone, with texts for what nobody has taken yet, and with filters. */
import { loadEmbedder } from "semspace";
import { createRecommender } from "semspace/tasks";

const baskets = [
  ["flour", "sugar", "butter", "eggs"],
  ["butter", "eggs", "flour", "vanilla"],
  ["sugar", "vanilla", "eggs", "butter"],
  ["nails", "hammer", "saw", "planks"],
  ["saw", "planks", "sandpaper", "nails"],
  ["hammer", "nails", "planks", "sandpaper"],
].flatMap((basket) => [basket, basket.toReversed(), basket]);
const items = [
  { id: "flour", text: "white flour for baking", metadata: { aisle: 1 } },
  { id: "sugar", text: "fine sugar for baking", metadata: { aisle: 1 } },
  { id: "butter", text: "butter, dairy", metadata: { aisle: 2 } },
  { id: "eggs", text: "ten fresh eggs", metadata: { aisle: 2 } },
  { id: "vanilla", text: "vanilla extract for baking", metadata: { aisle: 1 } },
  { id: "nails", text: "steel nails", metadata: { aisle: 9 } },
  { id: "hammer", text: "hammer, a hand tool", metadata: { aisle: 9 } },
  { id: "saw", text: "saw, a hand tool for wood", metadata: { aisle: 9 } },
  { id: "planks", text: "wooden planks", metadata: { aisle: 8 } },
  { id: "sandpaper", text: "sandpaper for wood", metadata: { aisle: 8 } },
];
const embedder = await loadEmbedder();
const recommender = await createRecommender({ sessions: baskets, items, embedder }, { dimensions: 16, epochs: 40 });
const names = (list: readonly { item: string }[]): string => list.map(({ item }) => item).join(", ");

console.log("flour, sugar →", names(recommender.recommend(["flour", "sugar"], { top: 3 })));
console.log("saw, then hammer →", names(recommender.next(["saw", "hammer"], { top: 2 })));
console.log("like eggs →", names(recommender.similar("eggs", { top: 2 })));
console.log("from aisle 8 →", names(recommender.recommend(["flour"], { filter: { aisle: 8 } })));
console.log("nobody yet →", names(recommender.recommend([], { top: 3 })));
await recommender.addItems([{ id: "yeast", text: "dry yeast for baking bread with flour" }], embedder);
console.log("new, like yeast →", names(recommender.similar("yeast", { top: 2 })));

/* Prints:
flour, sugar → vanilla, butter, eggs
saw, then hammer → sandpaper, nails
like eggs → vanilla, sugar
from aisle 8 → planks, sandpaper
nobody yet → butter, eggs, nails
new, like yeast → flour, sugar
*/
