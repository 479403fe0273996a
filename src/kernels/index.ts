export {
  createTable,
  type EmbeddingTable,
  type KernelChoice,
  type MeanOptions,
  type TableParts,
  type TokenRanges,
} from "./kernels.ts";
