/** How do vectors learn? `semspace/training`. */
export { distill, type DistillOptions } from "./distill.ts";
export { type DistillPooling } from "./distill/token-vectors.ts";
export {
  saveStaticModel,
  staticModelFiles,
  type StaticModelParts,
  type WriteStaticOptions,
} from "../texts/static/index.ts";
