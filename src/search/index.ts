/** Which texts are nearest: `semspace/search`. */
export { hybrid, reciprocalRankFusion, weightedFusion, type FusionOptions, type ScoreScale } from "./fusion.ts";
export { bestHits, type Hit } from "./hits.ts";
export { createLexicalIndex, type LexicalIndex, type LexicalOptions } from "./lexical.ts";
export { type TermOptions, type TermReader, termReader } from "./lexical/terms.ts";
export { modelFingerprint } from "./model-fingerprint.ts";
export {
  createIndex,
  searchModes,
  type IndexOptions,
  type Searchable,
  type SearchHit,
  type SearchIndex,
  type SearchMode,
  type SearchOptions,
} from "./search-index.ts";
export { openTermCache, type TermCache } from "./term-cache.ts";
export { openVectorCache, type VectorCache, type VectorCacheOptions } from "./vector-cache.ts";
