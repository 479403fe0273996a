/** A Word document → passages of a few tokens, each with the headings above it and its place; the nearest to a question. */
import { passages, readDocument, tokenCounter } from "semspace/documents";
import { createIndex } from "semspace/search";
import { loadTokenizer } from "semspace/tokenizers";
import { loadEmbedder } from "semspace";

const document = await readDocument("test/golden/documents/bridges.docx");
const countTokens = tokenCounter(await loadTokenizer("models/default"));
const found = passages(document, { unit: "paragraph", maxTokens: 12, countTokens });
for (const { line, heading, text } of found)
  console.log(`paragraph ${line}  ${heading ?? "-"}  ${JSON.stringify(text)}  ${countTokens(text)} tokens`);

const index = await createIndex(await loadEmbedder());
await index.add(found.map(({ text, heading, line }) => ({ text, heading, metadata: { line } })));
const [best] = await index.search("Where can I have a coffee?", { k: 1 });
console.log(`\nparagraph ${best.metadata!["line"] as number} answers`);

/* Prints:
paragraph 1  -  "On bridges\n\nStone\n\nAn arch stands by its own weight."  11 tokens
paragraph 5  On bridges › Stone  "Cafés & <inns>\tstand beside it."  10 tokens
paragraph 6  On bridges › Stone  "Steel\n\nBridge\tSpan"  3 tokens
paragraph 10  On bridges › Stone › Steel  "Forth\t521 m"  3 tokens
paragraph 11  On bridges › Stone › Steel  "Painted often."  3 tokens

paragraph 5 answers
*/
