/**
 * A model is a folder of files: on disk (Node), below a URL (browser), or in memory.
 * Everything that reads a model reads it through this, so no reader asks where it runs.
 */
import { fileSize, joinLocation, listFolder, readBlob, readBytes, runtime, shippedModelFiles } from "#platform";
import { SemspaceError, shown } from "../errors.ts";
import { openHubModel } from "./hub-model.ts";
import { parseHubName } from "./hub-name.ts";
import type { HubOptions } from "./hub-settings.ts";

export interface ModelFolder {
  /** For messages: the path or URL, or "(memory)". */
  readonly name: string;
  /** The bytes of a file, or of a range of it. Throws `missing-file` with the folder's name. */
  read(path: string, range?: { offset: number; length: number }): Promise<Uint8Array>;
  /** Size in bytes, or undefined when the folder has no such file. */
  size(path: string): Promise<number | undefined>;
  /** Where the file lies on disk, or will when it has been read; undefined when it is not a file of this machine. */
  location(path: string): string | undefined;
  /** Brings a file to where `location` says, for those that do not read it through this. Left out by folders whose files are there. */
  prepare?(path: string): Promise<void>;
  /** In a browser: the whole file, which a worker gets without a copy. Left out by folders that have no such files. */
  blob?(path: string): Promise<PublishedFile>;
}

/** The address is equal for equal files as long as the page lives. */
export interface PublishedFile {
  readonly blob: Blob;
  readonly address: string;
}

/** What names a model: a path (Node), a URL, a name on the hub, the bytes of its files by name, or a folder already open. */
export type ModelSource = string | URL | Readonly<Record<string, Uint8Array>> | ModelFolder;

/**
 * Opens a model's folder; a string that is no folder here but may be a name on the hub ("owner/name", "owner/name@revision") is opened there, with
 * the `options` of `openHubModel`; at a URL `onProgress` hears of the weights. Throws `invalid-argument` for what names none, `missing-file` where there is none, and as `openHubModel`.
 */
export async function openFolder(source: ModelSource, options: HubOptions = {}): Promise<ModelFolder> {
  if (typeof source === "string" || source instanceof URL) return openLocation(String(source), options);
  if (typeof source !== "object" || source === null) {
    throw new SemspaceError(
      "invalid-argument",
      `A model is a folder, a URL or its files by name, got ${shown(source)}. Pass one of these.`,
    );
  }
  if (typeof (source as ModelFolder).read === "function") return source as ModelFolder;
  return memoryFolder(source as Readonly<Record<string, Uint8Array>>);
}

/** The model that the package ships; its files may have been renamed and moved by a bundler. */
export function openShippedModel(): ModelFolder {
  const files = shippedModelFiles();
  return {
    name: "(the shipped model)",
    async read(path, range) {
      const location = files[path];
      if (!location)
        throw new SemspaceError(
          "missing-file",
          `The shipped model has no ${path}. It has: ${Object.keys(files).join(", ")}.`,
        );
      return readBytes(location, range);
    },
    // NaN: it is there, but the server does not say how large.
    size: async (path) => (files[path] === undefined ? undefined : ((await fileSize(files[path])) ?? Number.NaN)),
    location: (path) => (runtime === "node" ? files[path] : undefined),
  };
}

/** Parses a JSON file of the folder. Throws `invalid-file` naming file and folder. */
export async function readJson<T>(folder: ModelFolder, path: string): Promise<T> {
  const text = new TextDecoder().decode(await folder.read(path));
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new SemspaceError("invalid-file", `${path} in ${folder.name} is not JSON. Fetch the model again.`, { cause });
  }
}

/** As {@link readJson}, but undefined when the file is not there. */
export async function readJsonIfPresent<T>(folder: ModelFolder, path: string): Promise<T | undefined> {
  return (await folder.size(path)) === undefined ? undefined : readJson<T>(folder, path);
}

/** The folder `path` inside `folder` (`""` and `"."` are the folder itself). Throws `invalid-file` for a path that leads out of it. */
export function subfolder(folder: ModelFolder, path: string): ModelFolder {
  if (path.split(/[/\\]/).includes("..")) {
    throw new SemspaceError(
      "invalid-file",
      `${folder.name} names the folder ${shown(path)}, which lies outside of it.`,
    );
  }
  const prefix = path.replace(/^\.?\/+|\/+$/g, "");
  if (prefix === "" || prefix === ".") return folder;
  const within = (file: string) => `${prefix}/${file}`;
  return {
    name: `${folder.name.replace(/\/$/, "")}/${prefix}`,
    read: (file, range) => folder.read(within(file), range),
    size: (file) => folder.size(within(file)),
    location: (file) => folder.location(within(file)),
    ...(folder.prepare && { prepare: (file: string) => folder.prepare!(within(file)) }),
    ...(folder.blob && { blob: (file: string) => folder.blob!(within(file)) }),
  };
}

async function openLocation(name: string, options: HubOptions): Promise<ModelFolder> {
  const isUrl = /^(https?|file|blob|data):/.test(name);
  if (runtime === "node") {
    if (isUrl && !name.startsWith("file:")) {
      throw new SemspaceError("unsupported", `Cannot open ${name} in Node. Pass a folder on disk.`);
    }
    const path = isUrl ? decodeURIComponent(new URL(name).pathname) : name;
    if ((await listFolder(path)) === undefined) return openNamed(name, options);
    return locationFolder(path, (file) => joinLocation(path, file));
  }
  if (!isUrl && !/^[./]/.test(name)) return openNamed(name, options);
  const { onProgress } = options;
  return {
    ...locationFolder(name, () => undefined),
    async blob(path) {
      const address = joinLocation(name, path);
      const heard = (loaded: number, total: number): void => onProgress?.({ file: path, loaded, total });
      return { blob: await readBlob(address, onProgress && heard), address };
    },
  };
}

function locationFolder(base: string, location: ModelFolder["location"]): ModelFolder {
  return {
    name: base,
    read: (path, range) => readBytes(joinLocation(base, path), range),
    size: (path) => fileSize(joinLocation(base, path)),
    location,
  };
}

function memoryFolder(files: Readonly<Record<string, Uint8Array>>): ModelFolder {
  return {
    name: "(memory)",
    async read(path, range) {
      const bytes = files[path];
      if (!bytes) {
        const got = Object.keys(files).join(", ") || "none";
        throw new SemspaceError("missing-file", `No file ${path} among the bytes given. Given: ${got}.`);
      }
      if (!range) return bytes;
      if (range.offset + range.length > bytes.length) {
        throw new SemspaceError(
          "invalid-file",
          `${path} has ${bytes.length} bytes, ${range.offset + range.length} needed.`,
        );
      }
      return bytes.subarray(range.offset, range.offset + range.length);
    },
    size: (path) => Promise.resolve(files[path]?.length),
    location: () => undefined,
  };
}

/** What is no folder here may be a name on the hub. */
async function openNamed(name: string, options: HubOptions): Promise<ModelFolder> {
  if (runtime === "node" && (await fileSize(name)) !== undefined)
    throw new SemspaceError("missing-file", `${name} is a file. Pass the folder that holds the model's files.`);
  if (!parseHubName(name)) {
    const message = `No folder ${name}. Pass the folder that holds the model's files, or a name on the hub ("owner/name").`;
    throw new SemspaceError("missing-file", message);
  }
  return openHubModel(name, options).catch((error: unknown) => {
    if (!(error instanceof SemspaceError)) throw error;
    throw new SemspaceError(error.code, `No folder "${name}" here. ${error.message}`, { cause: error });
  });
}
