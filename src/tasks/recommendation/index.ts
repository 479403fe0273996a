/** What goes with what was taken? From sessions, from the items' texts, or both. */
export type { CatalogItem } from "./catalog.ts";
export {
  createRecommender,
  type RecommenderData,
  type RecommenderOptions,
  type RecommenderProgress,
} from "./create-recommender.ts";
export { Recommender, type Recommendation, type RecommendOptions, type SignalWeights } from "./recommender.ts";
export { loadRecommender, recommenderBytes, saveRecommender } from "./recommender-file.ts";
export type { SessionVectorOptions } from "./session-vectors.ts";
export type { SignalKind } from "./signal.ts";
