/** What does the space look like in two dimensions? Pictures of points; `fitPca` and `projectPca` of `semspace/matrix` flatten vectors. */
export { type Box, type LabelOptions, placeLabels, type Point } from "./label-places.ts";
export { scatterSvg, type ScatterOptions } from "./scatter-svg.ts";
