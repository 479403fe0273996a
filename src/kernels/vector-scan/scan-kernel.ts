/** The scanning kernels over one memory: WASM SIMD, or the reference where there is none. */
import { bytesOfBase64 } from "../base64.ts";
import { vectorScanCode } from "../vector-scan-code.ts";
import { referenceKernel } from "./reference.ts";

/** See assembly/vector-scan.ts. */
export type ScanFunction = (
  ...places: [
    rows: number,
    stride: number,
    scales: number,
    count: number,
    queries: number,
    queryStride: number,
    factors: number,
    queryCount: number,
    columns: number,
    out: number,
    outRows: number,
  ]
) => void;

export interface ScanKernel {
  scanFloat32: ScanFunction;
  scanInt8: ScanFunction;
  scanBits: ScanFunction;
  above(scores: number, count: number, threshold: number, out: number): number;
}

export function scanKernel(memory: WebAssembly.Memory, choice: "auto" | "reference" = "auto"): ScanKernel {
  const shared = typeof SharedArrayBuffer !== "undefined" && memory.buffer instanceof SharedArrayBuffer;
  const code = bytesOfBase64(shared ? vectorScanCode.shared : vectorScanCode.plain);
  if (choice === "reference" || !WebAssembly.validate(code)) return referenceKernel(memory);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
  return instance.exports as unknown as ScanKernel;
}
