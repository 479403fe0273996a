/** ONNX Runtime in Node: onnxruntime-node, or where that is not installed onnxruntime-web, which is WebAssembly and gives the same vectors more slowly. */
import { availableParallelism } from "node:os";
import { SemspaceError } from "../errors.ts";
import type { Engine, EngineRequest } from "./platform.ts";

/** The names are no literals and the comments stand there so that bundlers leave them alone: an app without the engine must still build. */
const native = "onnxruntime-node";
const web = "onnxruntime-web";
const importPackage = (name: string): Promise<unknown> =>
  import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name);

const noticed = new Set<string>();

export async function importEngine({ device = "cpu", threads, wasmPaths }: EngineRequest): Promise<Engine> {
  if (device === "webgpu") warnOnce("There is no WebGPU in Node, so the model runs on the CPU.");
  if (device !== "wasm") {
    // Its telemetry (1.29 on) sends the command line's words home, and dies of one that is long. Who wants it sets "0".
    process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
    try {
      return { ort: await importPackage(native), kind: "native" };
    } catch (cause) {
      return importWeb({ threads, wasmPaths }).then(
        (engine) => {
          warnOnce(
            `${native} is not installed, so models run on ${web}, more slowly. Install it: npm install ${native}`,
          );
          return engine;
        },
        () => {
          throw missing(native, cause);
        },
      );
    }
  }
  return importWeb({ threads, wasmPaths }).catch((cause: unknown) => {
    throw missing(web, cause);
  });
}

async function importWeb({ threads, wasmPaths }: EngineRequest): Promise<Engine> {
  const ort = (await importPackage(web)) as { env: { wasm: { numThreads?: number; wasmPaths?: unknown } } };
  ort.env.wasm.numThreads ??= threads ?? availableParallelism();
  if (wasmPaths !== undefined) ort.env.wasm.wasmPaths ??= wasmPaths;
  return { ort, kind: "web", provider: "wasm" };
}

function missing(name: string, cause: unknown): SemspaceError {
  const message = `semspace/transformers needs ${name}. Install it: npm install ${name}`;
  return new SemspaceError("missing-dependency", message, { cause });
}

function warnOnce(message: string): void {
  if (noticed.has(message)) return;
  noticed.add(message);
  process.emitWarning(message, "SemspaceWarning");
}
