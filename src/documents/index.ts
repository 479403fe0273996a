/** Files become passages with positions: `semspace/documents`. */
export { MAX_DOCUMENT_BYTES } from "./decode.ts";
export { lineAt, type Block, type Document, type DocumentKind, type LineMap } from "./document.ts";
export { passages, type Passage, type PassageOptions } from "./passages.ts";
export { documentKind, parseDocument, readDocument, type ReadOptions } from "./read-document.ts";
