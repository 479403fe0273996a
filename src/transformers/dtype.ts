/** In what numbers a model computes. */
import { oneOf, SemspaceError } from "../errors.ts";

/** float16 is a name that others know; it is refused with the reason. */
export type Dtype = "float32" | "float16" | "int8";

/** All names. */
export const dtypes: readonly Dtype[] = ["float32", "float16", "int8"];

export interface DtypeOptions {
  /**
   * In what numbers linear layers compute. Default "float32". "int8" rounds the weights when the model is loaded, and each token's
   * activations by a scale of their own: 2 to 3 times as fast, vectors a little different, the same whatever the batch.
   */
  readonly dtype?: Dtype | undefined;
  /** Whether int8 weights are kept in the cache folder, so that the next load finds them made. Default false. */
  readonly cacheQuantized?: boolean | undefined;
}

/** Throws `invalid-argument` for a name that is none, `unsupported` for float16. */
export function checkDtype(dtype: Dtype | undefined): "float32" | "int8" {
  const known = dtype === undefined ? "float32" : oneOf("dtype", dtype, dtypes);
  if (known !== "float16") return known;
  throw new SemspaceError(
    "unsupported",
    'dtype "float16" is not built: ONNX Runtime widens half precision to float32 on a CPU, so nothing gets faster. Files with 16-bit weights load as they are. Use "float32" or "int8".',
  );
}

/** Throws `unsupported` where int8 is asked of a ready ONNX file, whose numbers are written in it. */
export function refuseDtypeOfExport({ dtype }: DtypeOptions, name: string): void {
  if (checkDtype(dtype) === "float32") return;
  throw new SemspaceError(
    "unsupported",
    `${name} is a ready ONNX file, which computes in the numbers that it was exported with. dtype "int8" needs model.safetensors or pytorch_model.bin. Leave dtype out.`,
  );
}
