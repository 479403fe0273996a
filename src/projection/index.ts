/** What does the space look like in two dimensions? Planes (principal components, UMAP) and pictures of points. */
export { type Box, type LabelOptions, placeLabels, type Point } from "./label-places.ts";
export { pcaPlane } from "./pca-plane.ts";
export { scatterSvg, type ScatterOptions } from "./scatter-svg.ts";
export { umap, type UmapOptions } from "./umap.ts";
