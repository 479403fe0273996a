/**
 * The header of a safetensors file and every check on it, before anything is allocated for the tensors.
 * Reference: the Rust crate's `validate`: offsets in order, no hole, no overlap, all inside the file, and
 * shape times width of the type = bytes.
 * Differs: at most 16 dimensions, and whole numbers above 2^53 are refused.
 */
import { SemspaceError, shown } from "../errors.ts";
import { dtypeBytes, maxDimensions, type TensorDtype, type TensorInfo } from "./tensor-file.ts";

/** Largest header that is read, in bytes: the limit of the reference implementation. */
export const maxSafetensorsHeaderBytes = 100_000_000;
/** Where in the file `path` the tensors' bytes lie; `name` is for messages. */
interface DataPlace {
  readonly dataStart: number;
  readonly dataLength: number;
  readonly path: string;
  readonly name: string;
}

/** Parses and checks a header. */
export function parseSafetensorsHeader(
  bytes: Uint8Array,
  place: DataPlace,
): { metadata: Map<string, string>; tensors: Map<string, TensorInfo> } {
  const header = jsonObject(bytes, place.name);
  return { metadata: checkedMetadata(header, place.name), tensors: checkedTensors(header, place) };
}

/** The error of a file that is not what it should be. */
export function brokenSafetensors(name: string, what: string, cause?: unknown): SemspaceError {
  return new SemspaceError("invalid-file", `Broken safetensors file ${name}: ${what}. Fetch it again.`, { cause });
}

function jsonObject(bytes: Uint8Array, name: string): Map<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw brokenSafetensors(name, "its header is not JSON", cause);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw brokenSafetensors(name, "its header is not a JSON object");
  return new Map(Object.entries(header));
}

function checkedMetadata(header: Map<string, unknown>, name: string): Map<string, string> {
  const metadata = header.get("__metadata__") ?? {};
  if (typeof metadata !== "object" || Array.isArray(metadata))
    throw brokenSafetensors(name, `its __metadata__ is ${shown(metadata)}, an object is needed`);
  const entries = Object.entries(metadata);
  const bad = entries.find(([, value]) => typeof value !== "string");
  if (bad) throw brokenSafetensors(name, `metadata ${shown(bad[0])} is ${shown(bad[1])}, a string is needed`);
  return new Map(entries);
}

/** The tensors in the order of their bytes, which must fill the data section without hole or overlap. */
function checkedTensors(
  header: Map<string, unknown>,
  { dataStart, dataLength, path, name }: DataPlace,
): Map<string, TensorInfo> {
  const infos: TensorInfo[] = [];
  for (const [tensor, entry] of header) {
    if (tensor === "__metadata__") continue;
    const { dtype, shape, start, end } = checkedEntry(tensor, entry, name);
    if (end > dataLength)
      throw brokenSafetensors(name, `tensor ${shown(tensor)} ends at byte ${end} of the data, which has ${dataLength}`);
    infos.push({ name: tensor, dtype, shape, path, offset: dataStart + start, length: end - start });
  }
  infos.sort((a, b) => a.offset - b.offset || a.length - b.length);
  let end = dataStart;
  for (const info of infos) {
    if (info.offset !== end) {
      const what = info.offset < end ? "overlaps the tensor before it" : "leaves a hole before it";
      throw brokenSafetensors(
        name,
        `tensor ${shown(info.name)} starts at byte ${info.offset - dataStart} of the data, ${end - dataStart} expected: it ${what}`,
      );
    }
    end += info.length;
  }
  if (end !== dataStart + dataLength) {
    throw brokenSafetensors(name, `its tensors fill ${end - dataStart} bytes, its data section has ${dataLength}`);
  }
  return new Map(infos.map((info) => [info.name, info]));
}

function checkedEntry(
  tensor: string,
  entry: unknown,
  name: string,
): { dtype: TensorDtype; shape: number[]; start: number; end: number } {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(dtypeBytes, dtype)) {
    throw brokenSafetensors(
      name,
      `tensor ${shown(tensor)} has dtype ${shown(dtype)}, known are ${Object.keys(dtypeBytes).join(", ")}`,
    );
  }
  if (!Array.isArray(shape) || shape.length > maxDimensions || !shape.every(isCount)) {
    throw brokenSafetensors(
      name,
      `tensor ${shown(tensor)} has shape ${shown(shape)}, at most ${maxDimensions} whole numbers are allowed`,
    );
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[0] > offsets[1]) {
    throw brokenSafetensors(name, `tensor ${shown(tensor)} has data_offsets ${shown(offsets)}, [start, end] is needed`);
  }
  const [start, end] = offsets as [number, number];
  const needed = shape.reduce((product, n) => product * n, dtypeBytes[dtype as TensorDtype]);
  if (needed !== end - start) {
    throw brokenSafetensors(
      name,
      `tensor ${shown(tensor)} of ${dtype} [${shape.join(", ")}] needs ${needed} bytes, its data_offsets give ${end - start}`,
    );
  }
  return { dtype: dtype as TensorDtype, shape, start, end };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
