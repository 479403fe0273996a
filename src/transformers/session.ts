/** ONNX Runtime, the engine that runs graphs: the one file that imports onnxruntime-node, and only when a model is opened. */
import type * as Onnxruntime from "onnxruntime-node";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { SemspaceError, wholeNumber } from "../errors.ts";

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
  /** Runs the graph and gives the outputs that `fetch` names; the others are computed but not copied. */
  run(feeds: Readonly<Record<string, SessionTensor>>, fetch: readonly string[]): Promise<Record<string, SessionTensor>>;
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
  /** Files of external data, handed over as bytes. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** Threads of one operator; unset, ONNX Runtime takes one a physical core. */
export interface SessionOptions {
  readonly threads?: number | undefined;
}

/** The name is no literal and the comments stand there so that bundlers leave it alone: an app without the engine must still build. */
const engine = "onnxruntime-node";
const importEngine = (): Promise<typeof Onnxruntime> =>
  import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ engine) as Promise<
    typeof Onnxruntime
  >;

/** More are a mistake: each has a stack of its own. */
const MOST_THREADS = 1024;

/**
 * Throws `missing-dependency` when onnxruntime-node is not installed, `invalid-file` when it refuses the model, `invalid-argument` for threads
 * that are no whole number from 1 to 1024.
 */
export async function openSession(
  { model, externalData }: SessionSource,
  { threads }: SessionOptions = {},
): Promise<Session> {
  if (threads !== undefined && wholeNumber("threads", threads, 1) > MOST_THREADS)
    throw new SemspaceError("invalid-argument", `threads must be at most ${MOST_THREADS}, got ${threads}.`);
  const ort = await importEngine().catch((cause: unknown) => {
    throw new SemspaceError(
      "missing-dependency",
      "semspace/transformers needs onnxruntime-node. Install it: npm install onnxruntime-node",
      { cause },
    );
  });
  const options: InferenceSession.SessionOptions = {
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(externalData ? { externalData: [...externalData] } : {}),
  };
  const opened =
    typeof model === "string"
      ? ort.InferenceSession.create(model, options)
      : ort.InferenceSession.create(model, options);
  const session = await opened.catch((cause: unknown) => {
    throw new SemspaceError("invalid-file", `ONNX Runtime cannot open the model: ${messageOf(cause)}`, { cause });
  });
  return {
    inputs: session.inputMetadata.filter((value) => value.isTensor),
    outputs: session.outputMetadata.filter((value) => value.isTensor),
    async run(feeds, fetch) {
      const tensors = Object.entries(feeds).map(([name, { type, data, shape }]) => [
        name,
        new ort.Tensor(type as "int32", data as Int32Array, shape),
      ]);
      const results = await session.run(Object.fromEntries(tensors) as Record<string, Tensor>, fetch);
      return Object.fromEntries(
        Object.entries(results).map(([name, { type, data, dims }]) => [name, { type, data, shape: dims }]),
      );
    },
    dispose: () => session.release(),
  };
}

/**
 * Opens the first source that ONNX Runtime takes; a source that gives undefined is passed over.
 * A version with other rules may refuse a file where it lies; as bytes it is taken in any case.
 */
export async function openFirst(
  sources: readonly (() => Promise<SessionSource | undefined>)[],
  options: SessionOptions,
): Promise<Session> {
  for (const [i, source] of sources.entries()) {
    const found = await source();
    if (!found) continue;
    try {
      return await openSession(found, options);
    } catch (error) {
      const isRefused = error instanceof SemspaceError && error.code === "invalid-file";
      if (!isRefused || i === sources.length - 1) throw error;
    }
  }
  throw new SemspaceError("missing-file", "There is no model to open.");
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
