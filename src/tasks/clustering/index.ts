/** Texts into groups that nobody named. */
export { classWords, type ClassWordsOptions } from "./class-words.ts";
export { cluster, type Cluster, type Clustering, type ClusterOptions } from "./cluster.ts";
export { type ClusterMethod, clusterMethods, type GroupOptions } from "./group-vectors.ts";
