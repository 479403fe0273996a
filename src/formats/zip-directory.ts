/**
 * Where the entries of a ZIP archive lie, so that ranges of the archive can be used as they are. Only the directory at the archive's end
 * and the 30 bytes before each entry are read. Reference: APPNOTE.TXT 6.3, sections 4.3 and 4.5.3 (Zip64).
 * Differs: only stored entries (what PyTorch writes), so nothing can swell when it is read; no encryption, no archive in several parts, no
 * bytes before the archive. Entries that overlap, leave the archive, are named twice or are named otherwise in their own header are refused.
 */
import { SemspaceError, shown } from "../errors.ts";
import { type FileSource, sizeOf } from "./tensor-file.ts";

/** A stored entry: its bytes in the archive. */
export interface ZipEntry {
  readonly offset: number;
  readonly length: number;
}

/** `offset` is its own header's until that has been read. */
interface DirectoryEntry extends ZipEntry {
  readonly name: string;
}

/** Fixed parts of the records, in bytes. */
const endRecord = 22;
const endLocator64 = 20;
const endRecord64 = 56;
const directoryRecord = 46;
const localHeader = 30;
const longestComment = 0xffff;
/** Largest directory that is read, in bytes. */
const largestDirectory = 100_000_000;
/** Headers that are read at once. */
const readAhead = 32;

/** The entries of the archive `path` by name. Throws `invalid-file` for what is broken, `unsupported` for compressed or encrypted entries. */
export async function readZipDirectory(folder: FileSource, path: string): Promise<Map<string, ZipEntry>> {
  const archive = await openArchive(folder, path);
  const { start, length, count } = await findDirectory(archive);
  const bytes = await archive.view(start, length);
  const headers = readDirectory(bytes, { count, end: start, name: archive.name });
  const entries: DirectoryEntry[] = [];
  for (let i = 0; i < headers.length; i += readAhead) {
    entries.push(...(await Promise.all(headers.slice(i, i + readAhead).map((entry) => located(entry, archive)))));
  }
  const inOrder = entries.map((entry, i) => ({ ...entry, header: headers[i].offset }));
  inOrder.sort((a, b) => a.header - b.header);
  for (const [i, { name, offset, length: size }] of inOrder.entries()) {
    const limit = inOrder[i + 1]?.header ?? start;
    if (offset + size > limit) throw broken(archive.name, `entry ${shown(name)} overlaps what follows it`);
  }
  return new Map(entries.map(({ name, offset, length: size }) => [name, { offset, length: size }]));
}

interface Archive {
  readonly name: string;
  readonly size: number;
  view(offset: number, length: number): Promise<DataView>;
}

async function openArchive(folder: FileSource, path: string): Promise<Archive> {
  const name = `${path} in ${folder.name}`;
  const size = await sizeOf(folder, path);
  return {
    ...{ name, size },
    async view(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size) {
        throw broken(name, `bytes ${offset} to ${offset + length} are needed, it has ${size}`);
      }
      const bytes = await folder.read(path, { offset, length });
      return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
  };
}

async function findDirectory(archive: Archive): Promise<{ start: number; length: number; count: number }> {
  const tailStart = Math.max(0, archive.size - endRecord - longestComment);
  const tail = await archive.view(tailStart, archive.size - tailStart);
  let at = tail.byteLength - endRecord;
  while (
    at >= 0 &&
    !(tail.getUint32(at, true) === 0x06054b50 && at + endRecord + tail.getUint16(at + 20, true) === tail.byteLength)
  )
    at -= 1;
  if (at < 0) throw broken(archive.name, "it has no directory at its end: it is cut short, or no ZIP archive");
  if (tail.getUint16(at + 4, true) !== 0) throw broken(archive.name, "it is one of several parts");
  let found = {
    count: tail.getUint16(at + 10, true),
    length: tail.getUint32(at + 12, true),
    start: tail.getUint32(at + 16, true),
  };
  if (found.count === 0xffff || found.length === 0xffffffff || found.start === 0xffffffff) {
    found = await findDirectory64(archive, tailStart + at);
  }
  if (
    found.length > largestDirectory ||
    found.start + found.length > tailStart + at ||
    found.count * directoryRecord > found.length
  ) {
    throw broken(
      archive.name,
      `its directory claims ${found.count} entries in ${found.length} bytes from byte ${found.start}, the archive has ${archive.size}`,
    );
  }
  return found;
}

async function findDirectory64(
  archive: Archive,
  end: number,
): Promise<{ start: number; length: number; count: number }> {
  const locator = await archive.view(end - endLocator64, endLocator64);
  if (locator.getUint32(0, true) !== 0x07064b50) throw broken(archive.name, "its Zip64 directory is not found");
  const record = await archive.view(Number(locator.getBigUint64(8, true)), endRecord64);
  if (record.getUint32(0, true) !== 0x06064b50) throw broken(archive.name, "its Zip64 directory is not found");
  const [count, length, start] = [32, 40, 48].map((at) => Number(record.getBigUint64(at, true)));
  return { count, length, start };
}

/** The directory's entries, `offset` being where their own headers lie. */
function readDirectory(
  view: DataView,
  { count, end, name }: { count: number; end: number; name: string },
): DirectoryEntry[] {
  const names = new Set<string>();
  const entries: DirectoryEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + directoryRecord > view.byteLength || view.getUint32(at, true) !== 0x02014b50) {
      throw broken(name, `entry ${i} of its directory is no entry`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + directoryRecord + nameLength + extraLength + commentLength;
    if (next > view.byteLength) throw broken(name, `entry ${i} of its directory does not fit`);
    const nameStart = at + directoryRecord;
    const entry = text(view, nameStart, nameLength);
    if (names.has(entry)) throw broken(name, `it has two entries ${shown(entry)}`);
    names.add(entry);
    checkStored(view, at, `${shown(entry)} in ${name}`);
    const { length, packed, offset } = sizes(view, at, { extraStart: nameStart + nameLength, extraLength });
    if (length !== packed)
      throw broken(name, `entry ${shown(entry)} is stored, but claims ${length} bytes made of ${packed}`);
    if (offset + localHeader + length > end)
      throw broken(name, `entry ${shown(entry)} lies outside of it (${length} bytes from byte ${offset})`);
    entries.push({ name: entry, offset, length });
    at = next;
  }
  return entries;
}

function checkStored(view: DataView, at: number, name: string): void {
  if ((view.getUint16(at + 8, true) & 1) !== 0) throw new SemspaceError("unsupported", `Entry ${name} is encrypted.`);
  const method = view.getUint16(at + 10, true);
  if (method === 0) return;
  throw new SemspaceError(
    "unsupported",
    `Entry ${name} is compressed (method ${method}); only stored entries are read, as PyTorch writes them.`,
  );
}

/** Sizes and place; what does not fit into 32 bits is in the extra field 1, in this order. */
function sizes(
  view: DataView,
  at: number,
  extra: { extraStart: number; extraLength: number },
): { length: number; packed: number; offset: number } {
  let wide = extra.extraStart;
  const end = extra.extraStart + extra.extraLength;
  let wideEnd = wide;
  while (wide + 4 <= end) {
    const [kind, length] = [view.getUint16(wide, true), view.getUint16(wide + 2, true)];
    wide += 4;
    if (kind === 1) {
      wideEnd = Math.min(wide + length, end);
      break;
    }
    wide += length;
  }
  const field = (place: number): number => {
    const value = view.getUint32(at + place, true);
    if (value !== 0xffffffff || wide + 8 > wideEnd) return value;
    wide += 8;
    return Number(view.getBigUint64(wide - 8, true));
  };
  const length = field(24);
  const packed = field(20);
  return { length, packed, offset: field(42) };
}

/** The entry with the place of its bytes, which its own header tells. */
async function located({ name, offset, length }: DirectoryEntry, archive: Archive): Promise<DirectoryEntry> {
  const nameLength = new TextEncoder().encode(name).length;
  const header = await archive.view(offset, localHeader + nameLength);
  const start = offset + localHeader + nameLength + header.getUint16(28, true);
  const isHeader = header.getUint32(0, true) === 0x04034b50 && header.getUint16(8, true) === 0;
  if (!isHeader || start + length > archive.size)
    throw broken(archive.name, `entry ${shown(name)} is not where its directory says`);
  if (header.getUint16(26, true) !== nameLength || text(header, localHeader, nameLength) !== name)
    throw broken(archive.name, `entry ${shown(name)} has another name where it lies`);
  return { name, offset: start, length };
}

function text(view: DataView, start: number, length: number): string {
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + start, length));
}

function broken(name: string, what: string): SemspaceError {
  return new SemspaceError("invalid-file", `Broken archive ${name}: ${what}. Fetch it again.`);
}
