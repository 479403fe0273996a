/**
 * PyTorch's weights, `pytorch_model.bin`, in both formats of torch.save: a ZIP archive of stored entries (since 1.6), and before that a
 * stream of pickles with the storages after them. The tensors are ranges of the file; nothing of the pickle is run.
 * Reference: torch/serialization.py of PyTorch 2. Differs: big-endian files and the tar archives of before 0.1.10 are refused.
 */
import { SemspaceError, shown } from "../errors.ts";
import { type PickleValue, readFirstPickle, readPickle } from "./pickle.ts";
import { type FileSource, type TensorFile, type TensorInfo, dtypeBytes, sizeOf, tensorFile } from "./tensor-file.ts";
import {
  allowedInTorch,
  brokenTorch,
  type StoragePlace,
  type StorageReference,
  storageReferences,
  torchTensors,
} from "./torch-tensors.ts";
import { readZipDirectory, type ZipEntry } from "./zip-directory.ts";

/** Largest pickle that is read, in bytes: it holds names and shapes only. */
const largestPickle = 100_000_000;
/** Bytes of a legacy file that are read at first; its pickles mostly fit. */
const firstRead = 1 << 20;
const legacyMagic = 0x1950a86a20f9469cfc6cn;
const legacyProtocol = 1001;

/**
 * Opens `path` in `folder`. Throws `missing-file`, `invalid-file` saying what is wrong, `unsupported` for a pickle that names anything but
 * what rebuilds tensors.
 */
export async function openTorchFile(folder: FileSource, path: string): Promise<TensorFile> {
  const name = `${path} in ${folder.name}`;
  const size = await sizeOf(folder, path);
  const start = await folder.read(path, { offset: 0, length: Math.min(size, 16) });
  const text = new TextDecoder("latin1").decode(start);
  if (text.startsWith("PK\u0003\u0004"))
    return tensorFile(folder, { name, tensors: await readZip(folder, path, name) });
  if (start[0] === 0x80) return tensorFile(folder, { name, tensors: await readLegacy(folder, { path, name, size }) });
  const hint = text.startsWith("version https:")
    ? "it is a pointer of Git LFS, not the file itself"
    : `it begins with ${shown(text)}`;
  throw new SemspaceError("invalid-file", `${name} is no file of torch.save: ${hint}. Fetch it again.`);
}

async function readZip(folder: FileSource, path: string, name: string): Promise<Map<string, TensorInfo>> {
  const entries = await readZipDirectory(folder, path);
  const pickle = [...entries.keys()].find((entry) => /^[^/]+\/data\.pkl$/.test(entry));
  if (pickle === undefined) throw brokenTorch(name, "it has no data.pkl");
  const root = pickle.slice(0, -"data.pkl".length);
  const bytesOf = async (entry: ZipEntry): Promise<Uint8Array> => {
    if (entry.length > largestPickle)
      throw brokenTorch(name, `a pickle of ${entry.length} bytes, at most ${largestPickle} are read`);
    return folder.read(path, entry);
  };
  const order = entries.get(`${root}byteorder`);
  if (order && new TextDecoder().decode(await bytesOf(order)) !== "little") {
    throw new SemspaceError("unsupported", `${name} was written big-endian. Save it again on a little-endian machine.`);
  }
  const value = readPickle(await bytesOf(entries.get(pickle)!), {
    name: `${pickle} in ${name}`,
    allow: allowedInTorch,
  });
  const place = ({ key }: StorageReference): StoragePlace => {
    const found = entries.get(`${root}data/${key}`);
    if (found) return found;
    throw brokenTorch(name, `storage ${shown(key)} is missing`);
  };
  return torchTensors(value, { path, name, place });
}

interface LegacyFile {
  readonly path: string;
  readonly name: string;
  readonly size: number;
}

async function readLegacy(folder: FileSource, file: LegacyFile): Promise<Map<string, TensorInfo>> {
  const { path, name } = file;
  const { root, keys, end } = await legacyPickles(folder, file);
  const counts = new Map(storageReferences(root, name).map((storage) => [storage.key, storage]));
  const places = new Map<string, StoragePlace>();
  let at = end;
  for (const key of keys) {
    const storage = typeof key === "string" ? counts.get(key) : undefined;
    if (!storage) throw brokenTorch(name, `it holds storage ${shown(key)}, which nothing refers to`);
    const length = storage.count * dtypeBytes[storage.dtype];
    if (at + 8 + length > file.size)
      throw brokenTorch(name, `storage ${shown(key)} of ${length} bytes does not fit; it is cut short`);
    const counted = await folder.read(path, { offset: at, length: 8 });
    const count = Number(new DataView(counted.buffer, counted.byteOffset, 8).getBigInt64(0, true));
    if (count !== storage.count)
      throw brokenTorch(name, `storage ${shown(key)} has ${count} values, ${storage.count} are expected`);
    places.set(storage.key, { offset: at + 8, length });
    at += 8 + length;
  }
  const place = ({ key }: StorageReference): StoragePlace => {
    const found = places.get(key);
    if (found) return found;
    throw brokenTorch(name, `storage ${shown(key)} is missing`);
  };
  return torchTensors(root, { path, name, place });
}

/** The five pickles at the front; how long they are is only known when they have been read, so more is read as it is needed. */
async function legacyPickles(
  folder: FileSource,
  { path, name, size }: LegacyFile,
): Promise<{ root: PickleValue; keys: PickleValue[]; end: number }> {
  for (let length = firstRead; ; length *= 4) {
    const bytes = await folder.read(path, { offset: 0, length: Math.min(length, size) });
    try {
      return parseLegacyPickles(bytes, name);
    } catch (error) {
      const mayBeCut = error instanceof SemspaceError && error.code === "invalid-file";
      if (!mayBeCut || bytes.length === size || length > largestPickle) throw error;
    }
  }
}

function parseLegacyPickles(bytes: Uint8Array, name: string): { root: PickleValue; keys: PickleValue[]; end: number } {
  let end = 0;
  const next = (): PickleValue => {
    const found = readFirstPickle(bytes.subarray(end), { name, allow: allowedInTorch });
    end += found.end;
    return found.value;
  };
  if (next() !== legacyMagic || next() !== legacyProtocol)
    throw new SemspaceError("unsupported", `${name} is a pickle, but no file of torch.save.`);
  const system = next();
  if (system instanceof Map && system.get("little_endian") === false) {
    throw new SemspaceError("unsupported", `${name} was written big-endian. Save it again on a little-endian machine.`);
  }
  const root = next();
  const keys = next();
  if (!Array.isArray(keys)) throw brokenTorch(name, "it has no list of storages");
  return { root, keys, end };
}
