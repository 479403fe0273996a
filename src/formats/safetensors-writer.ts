/** Writes safetensors files; the layout is described in `safetensors.ts`. */
import { SemspaceError } from "../errors.ts";
import { dtypeBytes, type TensorDtype } from "./tensor-file.ts";

/** What `writeSafetensors` takes for one tensor: values or bytes already in the format's layout. */
export interface TensorToWrite {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  /** Row-major; its byte length must be what dtype and shape say. */
  readonly data: ArrayBufferView;
}

/** The bytes of a safetensors file: tensors sorted by width and name, the header padded to 8 bytes, as the reference writer does. */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorToWrite>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const entries = Object.entries(tensors).toSorted(
    ([a, { dtype: x }], [b, { dtype: y }]) => dtypeBytes[y] - dtypeBytes[x] || (a < b ? -1 : 1),
  );
  const header: [string, unknown][] = metadata ? [["__metadata__", metadata]] : [];
  let end = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    const needed = shape.reduce((product, n) => product * n, dtypeBytes[dtype]);
    if (data.byteLength !== needed) {
      throw new SemspaceError(
        "mismatch",
        `Tensor "${name}" of ${dtype} [${shape.join(", ")}] needs ${needed} bytes, got ${data.byteLength}.`,
      );
    }
    header.push([name, { dtype, shape, data_offsets: [end, (end += needed)] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerLength), true);
  out.set(json, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of entries) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return out;
}
