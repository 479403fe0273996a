/**
 * ONNX Runtime in a browser: onnxruntime-web, whose WebAssembly a bundler copies beside the app as it finds `new URL(…)` in that package.
 * Each entry is spelled out inside `try`, the form in which bundlers (Vite, webpack, Turbopack, esbuild) take a package that may be missing.
 */
import { SemspaceError } from "../errors.ts";
import type { Engine, EngineRequest } from "./platform.ts";

/** What of `env` is set before the first session. */
interface Environment {
  readonly env: { wasm: { proxy?: boolean; numThreads?: number; wasmPaths?: unknown } };
}

/** Operators run in a worker that onnxruntime-web starts, so a page stays responsive; WebGPU runs beside the page by itself. */
export async function importEngine({ device, threads, wasmPaths }: EngineRequest): Promise<Engine> {
  const onGpu = device === "webgpu" && (await hasGpu());
  const ort = (onGpu ? await importWebGpu() : await importWasm()) as Environment;
  const { wasm } = ort.env;
  wasm.proxy ??= !onGpu && typeof document !== "undefined";
  // Threads share memory, which a page may only if it is isolated from other origins.
  wasm.numThreads ??= globalThis.crossOriginIsolated ? (threads ?? navigator.hardwareConcurrency) : 1;
  if (wasmPaths !== undefined) wasm.wasmPaths ??= wasmPaths;
  return { ort, kind: "web", provider: onGpu ? "webgpu" : "wasm" };
}

async function importWasm(): Promise<unknown> {
  try {
    return await import("onnxruntime-web/wasm");
  } catch (cause) {
    throw missing(cause);
  }
}

async function importWebGpu(): Promise<unknown> {
  try {
    return await import("onnxruntime-web/webgpu");
  } catch (cause) {
    throw missing(cause);
  }
}

function missing(cause: unknown): SemspaceError {
  const message = "In a browser semspace/transformers needs onnxruntime-web. Install it: npm install onnxruntime-web";
  return new SemspaceError("missing-dependency", message, { cause });
}

async function hasGpu(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
  const adapter = await gpu?.requestAdapter().catch(() => undefined);
  if (adapter) return true;
  // oxlint-disable-next-line no-console -- the one place where a page's developer looks
  console.warn("This browser has no WebGPU for this page, so the model runs on WebAssembly.");
  return false;
}
