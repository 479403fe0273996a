/** The shipped model's card, with the figures of `npm run bench -- default-model`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchRow } from "../../bench/harness.ts";

/** README.md of a model with that many tokens. */
export function modelCard(tokens: number): string {
  const results = join(import.meta.dirname, "../../bench/results/default-model.json");
  const { rows, note } = JSON.parse(readFileSync(results, "utf8")) as { rows: BenchRow[]; note: string };
  const table = rows.map(({ what, ours, peer }) => `| ${what} | ${ours} | ${peer} |`).join("\n");
  return `---
license: apache-2.0
language: en
base_model: sentence-transformers/all-MiniLM-L6-v2
library_name: model2vec
tags: [static-embeddings, sentence-transformers, model2vec, sentence-similarity]
---

# The model that semspace ships

A static English embedding model: ${tokens.toLocaleString("en")} WordPiece tokens, 256 dimensions (the first 128 or 64 serve alone), int8 rows with a float32 scale each.
A text is the mean of its tokens' rows, scaled to length 1. No context and no word order; one core embeds tens of thousands of texts a second.

**Teacher**: [all-MiniLM-L6-v2](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2) (Apache-2.0). **Licence**: Apache-2.0.
**Texts**: passages of English Wikipedia (2015, CC BY-SA 3.0) and of WordNet 3.1 (its own permissive licence), of which the model keeps no copy. No text of a set below was used.

**Recipe** ([recipes/default-model](https://www.npmjs.com/package/semspace), four steps; how it works: docs/default-model.md):

\`\`\`sh
npx tsx --conditions=semspace-source recipes/default-model/passages.ts
npx tsx --conditions=semspace-source recipes/default-model/teacher-vectors.ts
npx tsx --conditions=semspace-source recipes/default-model/make.ts
npm run bench -- default-model && npx tsx --conditions=semspace-source recipes/default-model/make.ts --publish
\`\`\`

| measured by \`semspace/evaluation\`, × 100 | this model | beside it |
| --- | --- | --- |
${table}

${note}

## Use

\`\`\`ts
import { loadEmbedder } from "semspace";
const embedder = await loadEmbedder(); // this model
await embedder.encode(texts, { truncateDim: 128 });
\`\`\`

The folder is read by Python too: \`StaticModel.from_pretrained(folder)\` (model2vec) and \`SentenceTransformer(folder)\`, with the same vectors.

Weak where order and negation matter ("dog bites man"), on words that the vocabulary cuts into pieces, and on languages other than English.
`;
}
