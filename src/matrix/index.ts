export { CENTROIDS } from "./centroids.ts";
export { communities, type CommunityOptions } from "./communities.ts";
export { type ClusterSelection, clusterSelections, hdbscan, type Hdbscan, type HdbscanOptions } from "./hdbscan.ts";
export { kMeans, type KMeans, type KMeansOptions } from "./k-means.ts";
export { cutMerges, linkage, type Linkage, linkages, type Merge, type TreeCut } from "./linkage.ts";
export { minimize, type MinimizeOptions, type Minimum, type Objective } from "./lbfgs.ts";
export {
  type ClassRegressionOptions,
  fitLogisticRegression,
  LogisticRegression,
  type Multiclass,
  multiclassKinds,
  type LogisticRegressionOptions,
} from "./logistic-regression.ts";
export { Matrix, type MatrixData } from "./matrix.ts";
export { nearestRows, type NearestRows } from "./nearest-rows.ts";
export { normalized, normalizeRows } from "./normalize.ts";
export { fitPca, orientColumns, type Pca, projectPca } from "./pca.ts";
export { orthogonalProcrustes } from "./procrustes.ts";
export { ProductQuantizer } from "./product-quantizer.ts";
export { type Precision, precisions, quantizationRanges, quantize, type QuantizeOptions } from "./quantize.ts";
export { euclideanDistances, silhouette, silhouetteOf, type SilhouetteOptions } from "./silhouette.ts";
export { type Measure, measures, pairwiseSimilarity, similarity } from "./similarity.ts";
export { symmetricEigen, type SymmetricEigen } from "./symmetric-eigen.ts";
export { topK, type TopScores } from "./top-k.ts";
export { truncateDimensions } from "./truncate.ts";
