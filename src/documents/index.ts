/** Files become passages with positions: `semspace/documents`. */
export { countWords, tokenCounter } from "./count-tokens.ts";
export { MAX_DOCUMENT_BYTES } from "./decode.ts";
export { documentKinds, lineAt, type Block, type Document, type DocumentKind, type LineMap } from "./document.ts";
export { passages, passageUnits, type Passage, type PassageOptions, type PassageUnit } from "./passages.ts";
export { documentKind, parseDocument, readDocument, type ReadOptions } from "./read-document.ts";
