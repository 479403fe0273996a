/** Which texts are nearest: `semspace/search`. */
export { hybrid, reciprocalRankFusion, weightedFusion, type FusionOptions, type ScoreScale } from "./fusion.ts";
export { bestHits, type Hit } from "./hits.ts";
export { createLexicalIndex, type LexicalIndex, type LexicalOptions } from "./lexical.ts";
export { type TermOptions, type TermReader, termReader } from "./lexical/terms.ts";
export { modelFingerprint } from "./model-fingerprint.ts";
export { marginalRelevance } from "./diversity.ts";
export { compileFilter, type Condition, type Filter, type Metadata, type MetadataValue } from "./filter.ts";
export { type FolderStoreOptions, openFolderStore } from "./folder/folder-store.ts";
export {
  type AddOptions,
  type IndexDtype,
  graphPays,
  indexDtypes,
  type IndexItem,
  type IndexObject,
  type IndexOptions,
  type Reranker,
  type SearchHit,
  type SearchMode,
  searchModes,
  type SearchOptions,
  type VectorOptions,
} from "./index-options.ts";
export { createMemoryStore, type MemoryStoreOptions } from "./memory-store.ts";
export { createIndex, openIndex, type SearchIndex } from "./search-index.ts";
export {
  type FusionKind,
  type HybridSearchOptions,
  type Store,
  type StoreEntry,
  type StoreHit,
  type StoreRecord,
  type StoreSearchOptions,
} from "./store.ts";
export { openTermCache, type TermCache } from "./term-cache.ts";
export { openVectorCache, type VectorCache, type VectorCacheOptions } from "./vector-cache.ts";
