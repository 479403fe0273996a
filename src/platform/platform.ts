/** What Node and a browser each provide under the name `#platform`; both files are checked against this. */
export interface Platform {
  readonly runtime: "node" | "browser";
  /** Tokens that a transformer is best given at once: as many as pay for the call, and as few as leave little padding. */
  readonly batchTokens: number;
  /** Reads `length` bytes from `offset` (default: the whole file). `location` is a path in Node, a URL in a browser. Throws `missing-file`. */
  readBytes(location: string, range?: { offset: number; length: number }): Promise<Uint8Array>;
  /**
   * In a browser: a whole file, which is fetched without passing through the page's own memory; `onProgress` hears of bytes, the total is NaN
   * where the server does not tell it. Throws `unavailable` in Node.
   */
  readBlob(location: string, onProgress?: (loaded: number, total: number) => void): Promise<Blob>;
  /** Size in bytes, or undefined when there is no such file; NaN when a server does not tell it. */
  fileSize(location: string): Promise<number | undefined>;
  /** Names in a folder, sorted; folders end in "/". A browser cannot list and gives undefined, as does a folder that is not there. */
  listFolder(location: string): Promise<string[] | undefined>;
  /** `base` joined with a relative path, by the rules of this runtime. */
  joinLocation(base: string, path: string): string;
  /** Writes a file, from bytes or from pieces as they come, so that it is complete or not there (temporary file, then rename). Throws `unavailable` in a browser. */
  writeBytes(location: string, bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
  /** When the file was last written, in milliseconds since 1970; undefined when there is no such file or no way to tell. */
  modifiedTime(location: string): Promise<number | undefined>;
  /** Removes a file; one that is not there is no error. Throws `unavailable` in a browser. */
  removeFile(location: string): Promise<void>;
  /**
   * Where the files of the shipped model lie, by name. Each is spelled out as `new URL("…", import.meta.url)`, the form
   * that bundlers (Vite, webpack, Turbopack) understand: they copy the file beside the app and write its new address here.
   */
  shippedModelFiles(): Readonly<Record<string, string>>;
  /**
   * Which file this is, links followed: `key` differs for another file and for a changed one, `path` is the real one,
   * `links` counts its names on disk. Undefined where there is no such file on this machine.
   */
  fileIdentity(location: string): Promise<{ key: string; path: string; links: number } | undefined>;
  /**
   * Makes a folder of hard links (name → target) and files, so that it is complete or not there, whoever else makes it too.
   * False where the disk or the runtime does not allow it.
   */
  publishFolder(
    location: string,
    content: {
      links: Readonly<Record<string, string>>;
      files: Readonly<Record<string, Uint8Array | AsyncIterable<Uint8Array>>>;
    },
  ): Promise<boolean>;
  /** Removes a folder with all in it; one that is not there or cannot be removed is left alone. */
  removeFolder(location: string): Promise<void>;
  /**
   * A file's bytes from front to end, as they come; "-" is standard input. Throws `missing-file`, `unavailable` for "-" in a browser.
   * With `reuse` a piece may be overwritten as soon as the next one is asked for.
   */
  readStream(location: string, reuse?: boolean): AsyncIterable<Uint8Array>;
  /**
   * A new temporary file, or with a path (of one that another thread has made) that one for reading, or for writing too. Undefined where there are
   * no files; what does not fit into memory cannot be done there.
   */
  temporaryFile(existing?: string, writable?: boolean): Promise<TemporaryFile | undefined>;
  /**
   * Does the work of a library that leaves promises behind: those whose failure `isStray` knows do not end the program, as Node would have it.
   * A browser goes on in any case.
   */
  guardStrays<Result>(isStray: (reason: unknown) => boolean, work: () => Promise<Result>): Promise<Result>;
  /** Tells a developer of what is not wrong enough for an error: a process warning in Node, the console in a browser. */
  warn(message: string): void;
  /** This package's own cache folder; `SEMSPACE_CACHE` overrides it in Node. Undefined where there is none. */
  cacheFolder(): string | undefined;
  /** A variable of the environment; undefined where it is empty or there is none. */
  environment(name: string): string | undefined;
  /** The user's own folder; undefined in a browser. */
  homeFolder(): string | undefined;
  /** Cuts a file to `from` bytes and writes on from there, as the chunks come; what was written stays when they fail. Throws `unavailable` in a browser. */
  appendBytes(location: string, from: number, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** The digest of `prefix` and a file, in hexadecimal digits. Throws `unavailable` in a browser. */
  fileDigest(location: string, algorithm: "sha1" | "sha256", prefix?: string): Promise<string>;
  /** Gives a file another name on the same disk, in place of what has that name. Throws `unavailable` in a browser. */
  moveFile(from: string, to: string): Promise<void>;
  /** Makes `location` a relative symbolic link to a file, a copy where links cannot be made. Throws `unavailable` in a browser. */
  linkFile(location: string, target: string): Promise<void>;
  /** Does the work while no other process does work under the same lock file. Throws `unavailable` in a browser. */
  withLock<Result>(location: string, work: () => Promise<Result>): Promise<Result>;
  /** As `withLock`, but at once and for as long as is wanted: what lets go of it, or undefined while another holds it. Throws `unavailable` in a browser. */
  holdLock(location: string): Promise<(() => Promise<void>) | undefined>;
  /** As `writeBytes`, and it stays through a power cut once it resolves. Throws `unavailable` in a browser. */
  writeDurably(location: string, bytes: Uint8Array | Iterable<Uint8Array>): Promise<void>;
  /** Cores that work can be spread over, at least 1. */
  availableThreads(): number;
  /** Starts a module of this package in a thread of its own; undefined where this package has no threads (a browser). */
  startThread(module: URL): Thread | undefined;
  /** In a thread: the way to the one that started it; undefined in the main thread. */
  parentThread(): Thread | undefined;
  /** Imports ONNX Runtime, which runs graphs. Throws `missing-dependency`, naming the package to install. */
  importEngine(request: EngineRequest): Promise<Engine>;
}

/** Where graphs run: "cpu" is the fastest engine of the runtime that needs no GPU, "wasm" is WebAssembly also in Node. */
export type Device = "cpu" | "wasm" | "webgpu";

export interface EngineRequest {
  /** Default: "cpu". */
  readonly device?: Device | undefined;
  /** Of WebAssembly; the first request decides. */
  readonly threads?: number | undefined;
  /** Where onnxruntime-web finds its files, as its own option of this name; the first request decides. */
  readonly wasmPaths?: WasmPaths | undefined;
}

/** The folder's address with "/" at the end, or the addresses of the two files. */
export type WasmPaths = string | { readonly mjs?: string | undefined; readonly wasm?: string | undefined };

export interface Engine {
  /** The module onnxruntime-common, which both packages hold; untyped here, for who installs neither reads these types too. */
  readonly ort: unknown;
  /** "native" opens files where they lie; "web" takes bytes, keeps those it is fed, and does one thing at a time. */
  readonly kind: "native" | "web";
  /** What runs the operators, as ONNX Runtime names it; undefined is its own choice. */
  readonly provider?: string | undefined;
}

/** The other side of a thread. */
export interface Thread {
  /** Sends a value that structured cloning can copy; the buffers in `transfer` are moved instead. */
  post(message: unknown, transfer?: ArrayBuffer[]): void;
  /** `onEnd` hears of the other side's end, with its error if it had one. */
  listen(onMessage: (message: unknown) => void, onEnd?: (error: unknown) => void): void;
  /** Whether the process waits for this thread; a new one is not waited for. */
  keepAlive(on: boolean): void;
  end(): Promise<void>;
}

/** Bytes on disk that this process alone uses; they are removed when it ends at the latest. */
export interface TemporaryFile {
  readonly path: string;
  write(position: number, bytes: Uint8Array): Promise<void>;
  /** Fills `bytes` from `position` on. Throws `invalid-file` beyond the end. */
  read(position: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** Closes the file and removes it. */
  remove(): Promise<void>;
}
