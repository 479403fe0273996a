/**
 * Makes `models/default`, the model that the package ships, again:
 *
 *   npx tsx --conditions=semspace-source scripts/make-default-model.ts [FOLDER OF all-MiniLM-L6-v2]
 *
 * Distils all-MiniLM-L6-v2 as `semspace distill --max-length none` does, keeps it as int8 rows with their scales, and writes the
 * model card with what `scripts/measure-model.ts` measures where the data are there (`SEMSPACE_SHARED_DATA`).
 */
import { join } from "node:path";
import { realModel } from "../test/real-models.ts";
import { loadEmbedder } from "../src/texts/index.ts";
import { saveStaticModel, staticModelFiles } from "../src/texts/static/index.ts";
import { distill } from "../src/training/distill.ts";
import { measureModel } from "./measure-model.ts";

/** The package's own limit for the model's files. */
const LARGEST = 9_000_000;
const target = join(import.meta.dirname, "../models/default");

const teacher = process.argv[2] ?? realModel("all-MiniLM-L6-v2");
if (!teacher) process.exit(1);

const parts = await distill(teacher, {
  pcaDimensions: 256,
  sifCoefficient: 1e-4,
  quantizeTo: "int8",
  // No cut, so that model2vec, sentence-transformers and semspace give the same vector for a text of any length.
  maxLength: null,
  progress: ({ done, total }) => process.stderr.write(`\r${done} of ${total} tokens`),
});
process.stderr.write("\n");
parts.config["tokenizer_name"] = "sentence-transformers/all-MiniLM-L6-v2";

const embedder = await loadEmbedder(staticModelFiles(parts));
const measured = await measureModel(embedder);
const tokens = parts.rows.length / parts.dimensions;
const table = measured.map(({ what, figure, teacher: best }) => `| ${what} | ${figure} | ${best} |`);
const card = `---
license: apache-2.0
language: en
base_model: sentence-transformers/all-MiniLM-L6-v2
library_name: model2vec
tags: [static-embeddings, sentence-transformers, model2vec, sentence-similarity]
---

# The model that semspace ships

A static English embedding model: ${tokens.toLocaleString("en")} WordPiece tokens, ${parts.dimensions} dimensions, int8 rows with a float32 scale each.
A text is the mean of its tokens' rows, scaled to length 1. No context and no word order; one core embeds tens of thousands of texts a second.

**Teacher**: [all-MiniLM-L6-v2](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2) (Apache-2.0). **Licence**: Apache-2.0.

**Recipe** (\`scripts/make-default-model.ts\`; the method is model2vec's): each token alone through the teacher, mean of its vectors; PCA to ${parts.dimensions} dimensions;
Zipf weights with SIF coefficient 1e-4; int8, one scale a row. No text was used, so none of the sets below was seen. The unknown token's row is zero and texts are never cut,
so that every reader gives the same vector.

\`\`\`sh
npm run models && npx tsx --conditions=semspace-source scripts/make-default-model.ts
\`\`\`

| measured by \`semspace/evaluation\`, × 100 | this model | teacher |
| --- | --- | --- |
${table.join("\n")}

STS-B dev: Spearman's correlation of the cosine. Cranfield: nDCG@10, any positive grade relevant, a whole abstract as one vector, cosine only (BM25 alone: about 36; \`semspace search\` fuses both).
SST-2, TREC: logistic regression on unit vectors, accuracy on the test part. The teacher's figures are those of sentence-transformers.

## Use

\`\`\`ts
import { loadEmbedder } from "semspace";
const embedder = await loadEmbedder(); // this model
\`\`\`

The folder is read by Python too: \`StaticModel.from_pretrained(folder)\` (model2vec) and \`SentenceTransformer(folder)\`, with the same vectors.

Weak where order and negation matter ("dog bites man"), on words that the vocabulary cuts into pieces, and on languages other than English.
`;

const files = staticModelFiles(parts, { card });
const bytes = Object.values(files).reduce((sum, file) => sum + file.length, 0);
if (bytes > LARGEST) throw new Error(`The model has ${bytes} bytes, at most ${LARGEST} are allowed.`);
await saveStaticModel(parts, target, { card });
console.log(`${target}: ${tokens} tokens, ${bytes} bytes.`);
for (const { what, figure } of measured) console.log(`${what}: ${figure}`);
