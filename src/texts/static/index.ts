export { readStaticParts, staticReading } from "./read-static.ts";
export { createStaticModel, loadStaticModel, StaticModel, type StaticModelOptions } from "./static-model.ts";
export { type StaticConfig, type StaticModelParts, type StaticReading, staticReadings } from "./static-parts.ts";
export { saveStaticModel, staticModelFiles, type WriteStaticOptions } from "./write-static.ts";
