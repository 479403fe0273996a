/**
 * The article's own lines: a tokenizer, a language model, "Hello world", a matrix of vectors in context.
 * Here with small stand-ins of the two models from examples/hub, so their vectors are short; without the two lines below the real ones are downloaded,
 * and the shape is [1, 4, 384]. (The article's tokenizer is not the model's own, and semspace says so.)
 */
import { fileURLToPath } from "node:url";
import { loadTokenizer } from "semspace/tokenizers";
import { loadTransformer } from "semspace/transformers";

process.env["HF_HUB_CACHE"] = fileURLToPath(new URL("hub", import.meta.url));
process.env["HF_HUB_OFFLINE"] = "1";

const tokenizer = await loadTokenizer("microsoft/deberta-base");
const model = await loadTransformer("microsoft/deberta-v3-xsmall", { onWarning: (message) => console.log(message) });

const tokens = tokenizer.encode("Hello world");
const output = await model.run(tokens);

console.log(tokens.tokens.join(" "));
console.log([output.rows, output.columns, output.dimensions]);
await model.dispose();

/* Prints:
The tokenizer does not seem to belong to the model: it is a deberta model's, the model is deberta-v2. The vectors mean little then. Use the tokenizer that the model was trained with.
[CLS] Hello Ġworld [SEP]
[ 1, 4, 36 ]
*/
