/**
 * safetensors, the format of model weights: 8 bytes header length (little endian), a JSON header
 * `{ name: { dtype, shape, data_offsets: [start, end] } }`, then the tensors' bytes, row-major, little endian.
 * Reference: https://huggingface.co/docs/safetensors
 *
 * Only the header is read at opening; a tensor is read when asked for, so a file is never loaded whole.
 */
import { brokenSafetensors, maxSafetensorsHeaderBytes, parseSafetensorsHeader } from "./safetensors-header.ts";
import { type FileSource, sizeOf, type TensorFile, tensorFile } from "./tensor-file.ts";

/** A safetensors file of which only the header has been read; the tensors are in the order of their bytes. */
export interface SafetensorsFile extends TensorFile {
  /** The free text map `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Opens `path` in `folder`. Throws `missing-file`, or `invalid-file` that names the tensor and what is wrong. */
export async function openSafetensors(folder: FileSource, path: string): Promise<SafetensorsFile> {
  const name = `${path} in ${folder.name}`;
  const size = await sizeOf(folder, path);
  if (size < 8) throw brokenSafetensors(name, `it has ${size} bytes, the header length alone takes 8`);
  const headerLength = Number(viewOf(await folder.read(path, { offset: 0, length: 8 })).getBigUint64(0, true));
  if (headerLength > maxSafetensorsHeaderBytes) {
    throw brokenSafetensors(
      name,
      `its header claims ${headerLength} bytes, at most ${maxSafetensorsHeaderBytes} are read`,
    );
  }
  if (headerLength > size - 8) {
    throw brokenSafetensors(name, `its header claims ${headerLength} bytes, the file has ${size - 8} after the length`);
  }
  const dataStart = 8 + headerLength;
  const header = await folder.read(path, { offset: 8, length: headerLength });
  const { metadata, tensors } = parseSafetensorsHeader(header, {
    ...{ dataStart, dataLength: size - dataStart },
    ...{ path, name },
  });
  return Object.assign(tensorFile(folder, { name, tensors }), { metadata });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
