/** What `dist/browser.js` holds: everything that a page without a bundler can use, in one module. */
export * from "./index.ts";
export * from "./documents/index.ts";
export * from "./matrix/index.ts";
export * from "./search/index.ts";
export { Encoding, loadTokenizer, Tokenizer } from "./tokenizers/index.ts";
