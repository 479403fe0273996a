// Any file host will do: run `npm run build`, then serve the repository's folder and open /examples/06-web-page/.
// In your own page, import "https://…/node_modules/semspace/dist/browser.js" from wherever you host the package.
import { loadEmbedder } from "../../dist/browser.js";

const [texts, query, results, status] = ["texts", "query", "results", "status"].map((id) =>
  document.getElementById(id),
);
const started = performance.now();
const embedder = await loadEmbedder();
const loaded = performance.now() - started;

async function search() {
  const lines = texts.value.split("\n").filter((line) => line.trim());
  const from = performance.now();
  const vectors = await embedder.encodeDocument(lines);
  const wanted = await embedder.encodeQuery(query.value);
  const scores = embedder.similarity(wanted, vectors).data;
  const ranked = lines.map((line, index) => ({ line, score: scores[index] })).sort((a, b) => b.score - a.score);
  results.replaceChildren(...ranked.slice(0, 5).map(row));
  const taken = performance.now() - from;
  status.textContent =
    `${embedder.dimensions} dimensions. Model loaded in ${loaded.toFixed(0)} ms, ` +
    `${lines.length + 1} texts embedded and compared in ${taken.toFixed(1)} ms.`;
}

function row({ line, score }) {
  const item = document.createElement("li");
  const output = document.createElement("output");
  output.textContent = score.toFixed(2);
  item.append(output, line);
  return item;
}

texts.addEventListener("input", () => void search());
query.addEventListener("input", () => void search());
await search();
