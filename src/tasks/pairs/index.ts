/** Pairs of texts that say the same. */
export type { TextPair } from "./best-pairs.ts";
export { type Bitext, bitextMining, type BitextOptions, bitextPairs, type Margin, margins } from "./bitext-mining.ts";
export {
  deduplicate,
  type Deduplicated,
  deduplicateStream,
  type NearDuplicate,
  type NearDuplicateOptions,
  nearDuplicates,
  type Verdict,
} from "./near-duplicates.ts";
export { paraphraseMining, type ParaphraseOptions, paraphrasePairs } from "./paraphrase-mining.ts";
export type { TextSource } from "./text-batches.ts";
