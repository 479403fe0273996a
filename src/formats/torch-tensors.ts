/**
 * The tensors that a PyTorch pickle describes. Each is a view: a storage, where in it the tensor begins, and the step along each axis
 * (`torch._utils._rebuild_tensor_v2`). Several may lie in one storage, as tied weights do. The pickle may name what rebuilds tensors and
 * nothing else; any other name is refused. Reference: torch/serialization.py and torch/_utils.py of PyTorch 2.
 * Differs: no sparse, quantised, complex or float8 tensors; values that are no tensors are left out.
 */
import { SemspaceError, shown } from "../errors.ts";
import { PickledName, PickledObject, PickledReference, type PickleValue } from "./pickle.ts";
import { isRowMajor, spanBytes } from "./strides.ts";
import { dtypeBytes, maxDimensions, type TensorDtype, type TensorInfo } from "./tensor-file.ts";

/** The bytes of a storage in the file. */
export interface StoragePlace {
  readonly offset: number;
  readonly length: number;
}

/** Which storage a tensor lies in. */
export interface StorageReference {
  readonly key: string;
  readonly dtype: TensorDtype;
  /** Values in the whole storage. */
  readonly count: number;
  /** Of files before PyTorch 0.4: values before the part that is meant, and in it. */
  readonly view: { readonly start: number; readonly count: number } | undefined;
}

const storageTypes: Readonly<Record<string, TensorDtype>> = {
  ...{ DoubleStorage: "F64", FloatStorage: "F32", HalfStorage: "F16", BFloat16Storage: "BF16" },
  ...{
    LongStorage: "I64",
    IntStorage: "I32",
    ShortStorage: "I16",
    CharStorage: "I8",
    ByteStorage: "U8",
    BoolStorage: "BOOL",
  },
};

const rebuildTensor = new Set(["torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor"]);
const wrappers = new Set(["torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter"]);
const plainNames = new Set(["collections.OrderedDict", "torch.Size", "torch.device"]);

/** Whether a checkpoint's pickle may name it: what tensors are rebuilt with, and their types. */
export function allowedInTorch(name: string): boolean {
  if (rebuildTensor.has(name) || wrappers.has(name) || plainNames.has(name)) return true;
  return /^torch\.(cuda\.)?\w+Storage$/.test(name) && storageTypes[lastPart(name)] !== undefined;
}

/** The tensors of the dictionary `root` by name. Throws `unsupported` where there are none, `invalid-file` for one that leaves its storage. */
export function torchTensors(
  root: PickleValue,
  { path, name, place }: { path: string; name: string; place: (storage: StorageReference) => StoragePlace },
): Map<string, TensorInfo> {
  const entries = itemsOf(root);
  if (!entries)
    throw new SemspaceError(
      "unsupported",
      `${name} holds ${kindOf(root)}. A dictionary from names to tensors is needed, as torch.save(model.state_dict(), …) writes it.`,
    );
  const tensors = new Map<string, TensorInfo>();
  for (const [key, value] of entries) {
    const view = typeof key === "string" ? viewOf(value) : undefined;
    if (view) tensors.set(key as string, tensorInfo(view, { ...{ path, place }, tensor: key as string, name }));
  }
  if (tensors.size === 0) {
    const keys = [...entries.keys()].slice(0, 8).map(shown).join(", ");
    throw new SemspaceError(
      "unsupported",
      `${name} holds no tensors by name; its keys are: ${keys || "none"}. Save model.state_dict() instead.`,
    );
  }
  return tensors;
}

/** Every storage that something in `root` refers to, each once; lists and dictionaries may hold themselves. */
export function storageReferences(root: PickleValue, name: string): StorageReference[] {
  const found = new Map<string, StorageReference>();
  const seen = new Set<PickleValue>();
  for (const open = [root]; open.length > 0;) {
    const value = open.pop()!;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof PickledReference) {
      const storage = storageOf(value, name);
      const known = found.get(storage.key);
      if (known && (known.dtype !== storage.dtype || known.count !== storage.count)) {
        throw brokenTorch(name, `storage ${shown(storage.key)} has two sizes or types`);
      }
      found.set(storage.key, storage);
    } else for (const part of partsOf(value)) open.push(part);
  }
  return [...found.values()];
}

function partsOf(value: object): Iterable<PickleValue> {
  if (Array.isArray(value) || value instanceof Set) return value as Iterable<PickleValue>;
  if (value instanceof Map) return value.values() as Iterable<PickleValue>;
  return value instanceof PickledObject ? [value.args, value.state, ...value.list, ...value.items.values()] : [];
}

/** The id of a storage. Throws `unsupported` for what is none. */
function storageOf({ id }: PickledReference, name: string): StorageReference {
  const [kind, type, key, , count, view] = Array.isArray(id) ? id : [];
  const dtype = type instanceof PickledName ? storageTypes[lastPart(type.name)] : undefined;
  if (kind !== "storage" || typeof key !== "string" || dtype === undefined || !isCount(count)) {
    throw brokenTorch(name, `it refers to ${kindOf(id)}, which is no storage`);
  }
  const [, start, part] = Array.isArray(view) ? view : [];
  const known = isCount(start) && isCount(part) && start + part <= count;
  if (Array.isArray(view) && !known) throw brokenTorch(name, `a part of storage ${shown(key)} lies outside of it`);
  return { key, dtype, count, view: known ? { start, count: part } : undefined };
}

/** The arguments of a tensor: storage, begin, shape, steps. */
function viewOf(value: PickleValue): readonly PickleValue[] | undefined {
  // Each round goes one pair of brackets deeper into the file, and no cycle is made of arguments alone, but a list may hold itself.
  for (let depth = 0, at = value; depth < 4 && at instanceof PickledObject && Array.isArray(at.args); depth += 1) {
    if (rebuildTensor.has(at.of)) return at.args;
    if (!wrappers.has(at.of)) return undefined;
    at = at.args[0];
  }
  return undefined;
}

function tensorInfo(
  [reference, start, shape, strides]: readonly PickleValue[],
  {
    path,
    tensor,
    name,
    place,
  }: { path: string; tensor: string; name: string; place: (storage: StorageReference) => StoragePlace },
): TensorInfo {
  if (!(reference instanceof PickledReference)) throw brokenTorch(name, `tensor ${shown(tensor)} has no storage`);
  const storage = storageOf(reference, name);
  const steps = countsOf(strides);
  const sizes = countsOf(shape);
  if (!isCount(start) || !sizes || !steps || sizes.length !== steps.length || sizes.length > maxDimensions) {
    throw brokenTorch(
      name,
      `tensor ${shown(tensor)} has no shape with a step for each of at most ${maxDimensions} dimensions`,
    );
  }
  const width = dtypeBytes[storage.dtype];
  const whole = place(storage);
  const first = (storage.view?.start ?? 0) + start;
  const limit = (storage.view ? storage.view.start + storage.view.count : storage.count) * width;
  const length = sizes.includes(0) ? 0 : sizes.reduce((product, size) => product * size, width);
  const end = first * width + spanBytes({ shape: sizes, strides: steps, width });
  if (whole.length < limit || end > limit) {
    throw brokenTorch(
      name,
      `tensor ${shown(tensor)} reaches to byte ${end} of a storage of ${Math.min(limit, whole.length)} bytes`,
    );
  }
  // A step of 0 repeats values: a few bytes could claim any size.
  if (length > limit)
    throw brokenTorch(name, `tensor ${shown(tensor)} of ${length} bytes is made of a storage of ${limit}`);
  const info = { name: tensor, dtype: storage.dtype, shape: sizes, path, offset: whole.offset + first * width, length };
  return isRowMajor(sizes, steps) ? info : { ...info, strides: steps };
}

/** The error of a file that is not what it should be. */
export function brokenTorch(name: string, what: string): SemspaceError {
  return new SemspaceError("invalid-file", `Broken PyTorch file ${name}: ${what}. Fetch it again.`);
}

function itemsOf(value: PickleValue): ReadonlyMap<PickleValue, PickleValue> | undefined {
  if (value instanceof Map) return value;
  return value instanceof PickledObject && value.of === "collections.OrderedDict" ? value.items : undefined;
}

function countsOf(value: PickleValue): number[] | undefined {
  const list =
    value instanceof PickledObject && value.of === "torch.Size" && Array.isArray(value.args) ? value.args[0] : value;
  return Array.isArray(list) && list.every(isCount) ? list : undefined;
}

const isCount = (value: PickleValue | undefined): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

const lastPart = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

function kindOf(value: PickleValue): string {
  if (value instanceof PickledObject) return value.of;
  if (value instanceof PickledName) return value.name;
  return Array.isArray(value)
    ? `a list of ${value.length}`
    : typeof value === "object" && value !== null
      ? "something else"
      : shown(value);
}
