/** Groups of texts in the plane: a colour a group, its words in the legend. */
import { pcaPlane, scatterSvg, umap, type UmapOptions } from "../projection/index.ts";
import type { Clustering } from "../tasks/index.ts";

export const projections = ["pca", "umap"] as const;
export type Projection = (typeof projections)[number];

/** Names beyond these do not fit below the picture. */
const MOST_NAMED = 6;

export function clusterPicture(
  { vectors, labels, clusters }: Clustering,
  { projection, seed, onProgress }: { projection: Projection; seed: number; onProgress: UmapOptions["onProgress"] },
): string {
  const flat = projection === "pca" ? pcaPlane(vectors) : umap(vectors, { seed, ...(onProgress && { onProgress }) });
  const names = clusters.map(({ words }, i) => `${i + 1} ${words.slice(0, 2).join(", ")}`);
  const none = labels.some((label) => label < 0);
  return scatterSvg(flat, {
    // Texts in no group are a group of their own, the last.
    groups: labels.map((label) => (label < 0 ? clusters.length : label)),
    groupNames: [...names.slice(0, MOST_NAMED), ...(none && clusters.length <= MOST_NAMED ? ["none"] : [])],
    title: `${vectors.rows} texts in ${clusters.length} groups`,
  });
}
