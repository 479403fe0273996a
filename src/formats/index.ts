/** How bytes become values: the file formats of models and matrices. */
export * from "./gzip.ts";
export * from "./checkpoint.ts";
export * from "./crc32.ts";
export * from "./half.ts";
export * from "./npy.ts";
export * from "./onnx-writer.ts";
export * from "./safetensors-header.ts";
export * from "./safetensors-writer.ts";
export * from "./safetensors.ts";
export * from "./sentencepiece.ts";
export * from "./tensor-file.ts";
export * from "./torch-file.ts";
