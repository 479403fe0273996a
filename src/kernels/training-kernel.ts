/** Training kernels: modules that work in a memory laid out by their trainer, which threads may share. */
import { SemspaceError } from "../errors.ts";
import { bytesOfBase64 } from "./base64.ts";

/** One source compiled twice: a module says whether its memory is shared. */
export interface TrainingKernelCode {
  plain: string;
  shared: string;
}

/** The exports of the kernel over `memory`. Throws `unavailable` where this runtime has no WASM SIMD. */
export async function instantiateKernel<T>(code: TrainingKernelCode, memory: WebAssembly.Memory): Promise<T> {
  const shared = typeof SharedArrayBuffer !== "undefined" && memory.buffer instanceof SharedArrayBuffer;
  const bytes = bytesOfBase64(shared ? code.shared : code.plain);
  if (!WebAssembly.validate(bytes)) {
    throw new SemspaceError(
      "unavailable",
      "Training needs WebAssembly SIMD. Use Node 20 or a browser of 2023 or later.",
    );
  }
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return instance.exports as T;
}
