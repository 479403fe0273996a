/**
 * Words of six topics, which nobody has told to the program: k-means groups their vectors, and a map shows them in the plane in which the
 * middles of the groups lie farthest apart. The picture is examples/11-word-map.svg.
 */
import { writeFileSync } from "node:fs";
import { loadEmbedder } from "semspace";
import { fitPca, kMeans, normalized, projectPca, similarity } from "semspace/matrix";
import { scatterSvg } from "semspace/projection";

const words = `
  apple bread cheese butter soup pepper garlic onion rice sugar
  violin guitar piano trumpet flute drum orchestra melody concert singer
  wolf horse rabbit tiger eagle salmon sheep monkey snake frog
  doctor nurse hospital surgery patient medicine disease vaccine clinic therapy
  keyboard software database server browser internet computer programmer laptop algorithm
  river mountain lake island valley desert forest coast volcano canyon
`
  .trim()
  .split(/\s+/);
const embedder = await loadEmbedder();
const vectors = normalized(await embedder.encode(words));

const { labels, centers } = kMeans(vectors, { clusters: 6 });
const near = similarity(centers, vectors);
// The words of each group, the nearest to its middle first.
const groups = Array.from({ length: 6 }, (_, group) =>
  [...words.keys()]
    .filter((word) => labels[word] === group)
    .toSorted((a, b) => near.row(group)[b] - near.row(group)[a])
    .map((word) => words[word]),
);
for (const group of groups) console.log(group.join(" "));

const map = projectPca(fitPca(centers, { components: 2 }), vectors);
const groupNames = groups.map((group) => group.slice(0, 2).join(", "));
writeFileSync(
  "examples/11-word-map.svg",
  scatterSvg(map, { labels: words, groups: labels, groupNames, title: "Sixty words" }),
);

/* Prints:
tiger frog monkey snake laptop rabbit computer browser forest eagle apple
garlic pepper onion soup cheese butter rice algorithm
patient hospital doctor medicine clinic nurse surgery disease therapy vaccine
lake database salmon internet sugar singer server river horse keyboard
orchestra trumpet drum piano flute concert guitar melody violin coast bread
valley mountain canyon desert wolf volcano programmer software sheep island
*/
