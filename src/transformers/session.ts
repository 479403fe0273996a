/** ONNX Runtime, the engine that runs graphs, in whichever package this runtime has it; imported only when a model is opened. */
import { importEngine } from "#platform";
import type * as Onnxruntime from "onnxruntime-node";
import type { InferenceSession } from "onnxruntime-node";
import { SemspaceError, oneOf, wholeNumber } from "../errors.ts";
import type { Device, Engine, EngineRequest, WasmPaths } from "../platform/platform.ts";
import { checkDtype, type DtypeOptions } from "./dtype.ts";
import { shareSession } from "./shared-session.ts";

/** What ONNX Runtime can hold; its own types stay inside, for who does not install it still reads ours. */
type TensorData =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | string[];

/** Named tensors in and out; the data is row-major. */
export interface SessionTensor {
  readonly type: string;
  readonly data: TensorData;
  readonly shape: readonly number[];
}

/** A graph ready to run. */
export interface Session {
  readonly inputs: readonly SessionValue[];
  readonly outputs: readonly SessionValue[];
  /**
   * Runs the graph and gives the outputs that `fetch` names; the others are computed but not copied. Outputs that `into` has are written there
   * where the engine can; what comes back is right either way.
   */
  run(
    feeds: Readonly<Record<string, SessionTensor>>,
    fetch: readonly string[],
    into?: Readonly<Record<string, SessionTensor>>,
  ): Promise<Record<string, SessionTensor>>;
  /** Frees the memory of weights and arenas. */
  dispose(): Promise<void>;
}

/** Name and type of an input or output; a dimension that is a string (or "") is only known at run time. */
export interface SessionValue {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export interface SessionSource {
  /** A path, or the bytes of the ONNX file. */
  readonly model: string | Uint8Array;
  /** Files of external data, handed over as bytes; in a browser a Blob spares a copy. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array | Blob }[];
  /** Equal for what is the same graph over the same weights, which is opened once for all who ask for it; left out, it is never shared. */
  readonly key?: string | undefined;
  /** Whether batches of many shapes come, for which ONNX Runtime is not to keep a plan of its memory each. */
  readonly variesMuch?: boolean | undefined;
  /** Is called when the session is open, or refused. */
  opened?(): Promise<void>;
}

export interface SessionOptions extends DtypeOptions {
  /** Threads of one operator; unset, ONNX Runtime takes one a physical core. On WebAssembly the first model decides for all. */
  readonly threads?: number | undefined;
  /**
   * Where the model runs. Default "cpu": onnxruntime-node, in a browser WebAssembly. "wasm" is WebAssembly also in Node. "webgpu" is the GPU
   * where a browser has one, else WebAssembly with a warning.
   */
  readonly device?: Device | undefined;
  /** Where onnxruntime-web finds its files, if not where the bundler put them; the first model decides. */
  readonly wasmPaths?: WasmPaths | undefined;
}

export type { Device, WasmPaths };
const devices: readonly Device[] = ["cpu", "wasm", "webgpu"];

/** More are a mistake: each has a stack of its own. */
const MOST_THREADS = 1024;

/**
 * Throws `missing-dependency` when no engine is installed, `invalid-file` when it refuses the model, `invalid-argument` for threads
 * that are no whole number from 1 to 1024 and for an unknown device.
 */
export function openSession(source: SessionSource, options: SessionOptions = {}): Promise<Session> {
  return openFirst([() => Promise.resolve(source)], options);
}

/**
 * Opens the first source that ONNX Runtime takes; a source that gives undefined is passed over. The last one is bytes:
 * WebAssembly takes nothing else, and a version with other rules may refuse a file where it lies.
 */
export async function openFirst(
  sources: readonly (() => Promise<SessionSource | undefined>)[],
  options: SessionOptions,
): Promise<Session> {
  checkOptions(options);
  const engine = await importEngine(options);
  for (const [i, source] of sources.entries()) {
    const isLast = i === sources.length - 1;
    if (engine.kind === "web" && !isLast) continue;
    const found = await source();
    if (!found) continue;
    try {
      const open = () => startSession(engine, found, options);
      if (found.key === undefined) return await open();
      return await shareSession([found.key, engine.provider, options.threads].join(), open);
    } catch (error) {
      const isRefused = error instanceof SemspaceError && error.code === "invalid-file";
      if (!isRefused || isLast) throw error;
    } finally {
      await found.opened?.();
    }
  }
  throw new SemspaceError("missing-file", "There is no model to open.");
}

function checkOptions({ threads, device, dtype }: EngineRequest & DtypeOptions): void {
  checkDtype(dtype);
  if (threads !== undefined && wholeNumber("threads", threads, 1) > MOST_THREADS)
    throw new SemspaceError("invalid-argument", `threads must be at most ${MOST_THREADS}, got ${threads}.`);
  if (device !== undefined) oneOf("device", device, devices);
}

async function startSession(
  { ort: module, kind, provider }: Engine,
  { model, externalData, variesMuch }: SessionSource,
  { threads }: SessionOptions,
): Promise<Session> {
  const ort = module as typeof Onnxruntime;
  const isWeb = kind === "web";
  const turn = isWeb ? inTurn : <Result>(work: () => Promise<Result>) => work();
  const options: InferenceSession.SessionOptions = {
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    ...(variesMuch ? { enableMemPattern: false } : {}),
    ...(threads === undefined || isWeb ? {} : { intraOpNumThreads: threads }),
    ...(provider === undefined ? {} : { executionProviders: [provider] }),
    // Its types do not know the Blobs that onnxruntime-web takes.
    ...(externalData ? { externalData: [...externalData] as InferenceSession.SessionOptions["externalData"] } : {}),
  };
  // onnxruntime-web's worker takes the buffer of the model along.
  const bytes = typeof model === "string" ? undefined : isWeb ? model.slice() : model;
  const session = await turn(() =>
    bytes ? ort.InferenceSession.create(bytes, options) : ort.InferenceSession.create(model as string, options),
  ).catch((cause: unknown) => {
    throw new SemspaceError("invalid-file", `ONNX Runtime cannot open the model: ${messageOf(cause)}`, { cause });
  });
  return {
    inputs: session.inputMetadata.filter((value) => value.isTensor),
    outputs: session.outputMetadata.filter((value) => value.isTensor),
    async run(feeds, fetch, into) {
      const tensorOf = ({ type, data, shape }: SessionTensor, copies: boolean) =>
        new ort.Tensor(type as "int32", (copies ? data.slice() : data) as Int32Array, shape);
      const named = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, tensorOf(value, isWeb)]));
      const places = (name: string) => (into?.[name] && !isWeb ? tensorOf(into[name], false) : null);
      const wanted = into ? Object.fromEntries(fetch.map((name) => [name, places(name)])) : fetch;
      const results = await turn(() => session.run(named, wanted));
      return Object.fromEntries(
        Object.entries(results).map(([name, { type, data, dims }]) => [name, { type, data, shape: dims }]),
      );
    },
    dispose: () => turn(() => session.release()),
  };
}

let lastTurn: Promise<unknown> = Promise.resolve();

/** onnxruntime-web mounts external data by name for all sessions, and matches its worker's answers to questions by their order. */
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = lastTurn.then(work);
  lastTurn = result.catch(() => undefined);
  return result;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
