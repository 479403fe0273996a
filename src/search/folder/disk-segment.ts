/**
 * A segment in an index folder. Files are read when first asked for: ids, places and metadata whole, a text or a vector by itself, all
 * vectors for a scan. What is read whole is held against the manifest's checksum, what is read alone against the row's own.
 */
import { joinLocation, readBytes } from "#platform";
import { SemspaceError, shown } from "../../errors.ts";
import { crc32, openSafetensors, type FileSource } from "../../formats/index.ts";
import type { Metadata } from "../filter.ts";
import type { Postings } from "../lexical/postings.ts";
import type { Segment, SegmentRecord } from "../segments/segment.ts";
import type { KeptRow } from "../vectors/row-codes.ts";
import { broken, type FileEntry, type SegmentEntry } from "./manifest.ts";
import { parsePostings } from "./postings-file.ts";

/** Places of one segment, by row. */
interface Places {
  /** Start and end of each text in the file of texts; -1 where an entry has none. */
  texts: Float64Array;
  textSums: Uint32Array;
  vectorSums: Uint32Array;
  scales: Float32Array | undefined;
}

export interface SegmentSettings {
  path: string;
  dimensions: number;
  /** As vectors are kept in the file. */
  isFloat: boolean;
}

export class DiskSegment implements Segment {
  readonly entry: SegmentEntry;
  readonly #settings: SegmentSettings;
  #ids: Promise<readonly string[]> | undefined;
  #metadata: Promise<readonly (Metadata | undefined)[]> | undefined;
  #places: Promise<Places> | undefined;
  #postings: Promise<Postings> | undefined;
  #vectorsAt: Promise<number> | undefined;

  constructor(entry: SegmentEntry, settings: SegmentSettings) {
    this.entry = entry;
    this.#settings = settings;
  }

  get rows(): number {
    return this.entry.rows;
  }

  ids(): Promise<readonly string[]> {
    this.#ids ??= this.#json(this.entry.ids, (value) => typeof value === "string");
    return this.#ids;
  }

  metadata(): Promise<readonly (Metadata | undefined)[]> {
    const { metadata, rows } = this.entry;
    this.#metadata ??= metadata
      ? this.#json<Metadata | null>(metadata, (value) => typeof value === "object").then((all) =>
          all.map((one) => one ?? undefined),
        )
      : Promise.resolve(Array.from({ length: rows }));
    return this.#metadata;
  }

  async texts(): Promise<readonly (string | undefined)[]> {
    const { texts, rows } = this.entry;
    if (!texts) return Array.from({ length: rows });
    const [bytes, places] = [await this.#whole(texts), await this.#placesOf()];
    return Array.from({ length: rows }, (_, row) => {
      const [start, end] = [places.texts[2 * row], places.texts[2 * row + 1]];
      return start < 0 ? undefined : new TextDecoder().decode(bytes.subarray(start, end));
    });
  }

  async record(row: number): Promise<SegmentRecord> {
    const [text, metadata] = await Promise.all([this.#text(row), this.metadata()]);
    return { text, metadata: metadata[row] };
  }

  postings(): Promise<Postings> {
    this.#postings ??= this.#readPostings();
    return this.#postings;
  }

  async vectors(take: (row: KeptRow) => void): Promise<void> {
    const { dimensions } = this.#settings;
    const bytes = await this.#whole(this.entry.vectors);
    const { scales } = await this.#placesOf();
    const at = await this.#dataStart();
    const width = dimensions * this.#width;
    for (let row = 0; row < this.rows; row += 1)
      take({
        numbers: this.#numbers(bytes.subarray(at + row * width, at + (row + 1) * width)),
        scale: scales?.[row] ?? 1,
      });
  }

  async vector(row: number): Promise<KeptRow> {
    const { file } = this.entry.vectors;
    const { scales, vectorSums } = await this.#placesOf();
    const width = this.#settings.dimensions * this.#width;
    const bytes = await this.#range(file, (await this.#dataStart()) + row * width, width);
    if (crc32(bytes) !== vectorSums[row])
      throw broken(this.#location(file), `the checksum of vector ${row} is another`);
    return { numbers: this.#numbers(bytes), scale: scales?.[row] ?? 1 };
  }

  async #text(row: number): Promise<string | undefined> {
    const { texts } = this.entry;
    if (!texts) return undefined;
    const places = await this.#placesOf();
    const [start, end] = [places.texts[2 * row], places.texts[2 * row + 1]];
    if (start < 0) return undefined;
    const bytes = await this.#range(texts.file, start, end - start);
    if (crc32(bytes) !== places.textSums[row])
      throw broken(this.#location(texts.file), `the checksum of text ${row} is another`);
    return new TextDecoder().decode(bytes);
  }

  async #readPostings(): Promise<Postings> {
    const { terms, rows } = this.entry;
    if (!terms) {
      const none = new Int32Array(0);
      return {
        vocabulary: new Map(),
        starts: new Uint32Array(1),
        texts: none,
        counts: new Uint16Array(0),
        lengths: new Int32Array(rows),
      };
    }
    return parsePostings(sourceOf(terms.file, await this.#whole(terms)), terms.file);
  }

  #placesOf(): Promise<Places> {
    this.#places ??= this.#readPlaces();
    return this.#places;
  }

  async #readPlaces(): Promise<Places> {
    const { places } = this.entry;
    const source = sourceOf(places.file, await this.#whole(places));
    const file = await openSafetensors(source, places.file);
    const bytesOf = async (name: string): Promise<ArrayBuffer> => (await file.readBytes(name)).slice().buffer;
    return {
      texts: new Float64Array(await bytesOf("texts")),
      textSums: new Uint32Array(await bytesOf("text_crc32")),
      vectorSums: new Uint32Array(await bytesOf("vector_crc32")),
      scales: this.#settings.isFloat ? undefined : new Float32Array(await bytesOf("scales")),
    };
  }

  /** Where in the file the first vector begins. */
  #dataStart(): Promise<number> {
    this.#vectorsAt ??= this.#readDataStart();
    return this.#vectorsAt;
  }

  async #readDataStart(): Promise<number> {
    const { file } = this.entry.vectors;
    const source: FileSource = {
      name: this.#settings.path,
      size: () => Promise.resolve(this.entry.vectors.bytes),
      read: (_, range) => this.#range(file, range!.offset, range!.length),
    };
    const { tensors } = await openSafetensors(source, file);
    const found = tensors.get("vectors");
    const { dimensions, isFloat } = this.#settings;
    const fits =
      found?.dtype === (isFloat ? "F32" : "I8") && found.shape[0] === this.rows && found.shape[1] === dimensions;
    if (!fits) throw broken(this.#location(file), `its vectors are not ${this.rows} x ${dimensions}`);
    return found.offset;
  }

  get #width(): number {
    return this.#settings.isFloat ? 4 : 1;
  }

  #numbers(bytes: Uint8Array): Float32Array | Int8Array {
    const { dimensions, isFloat } = this.#settings;
    if (!isFloat) return new Int8Array(bytes.buffer, bytes.byteOffset, dimensions);
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    return new Float32Array(aligned.buffer, aligned.byteOffset, dimensions);
  }

  async #json<T>(entry: FileEntry, isSound: (value: unknown) => boolean): Promise<readonly T[]> {
    const values = JSON.parse(new TextDecoder().decode(await this.#whole(entry))) as unknown;
    if (!Array.isArray(values) || values.length !== this.rows || !values.every(isSound))
      throw broken(this.#location(entry.file), `it is not a list of ${this.rows}, but ${shown(values)}`);
    return values as T[];
  }

  async #whole(entry: FileEntry): Promise<Uint8Array> {
    const bytes = await readBytes(this.#location(entry.file));
    if (bytes.length !== entry.bytes)
      throw broken(this.#location(entry.file), `it has ${bytes.length} bytes, ${entry.bytes} were written`);
    if (crc32(bytes) !== entry.crc32) throw broken(this.#location(entry.file), "its checksum is another");
    return bytes;
  }

  async #range(file: string, offset: number, length: number): Promise<Uint8Array> {
    const location = this.#location(file);
    try {
      return await readBytes(location, { offset, length });
    } catch (cause) {
      const isShort = cause instanceof SemspaceError && cause.code === "invalid-file";
      throw isShort ? broken(location, `it ends before byte ${offset + length}`, cause) : cause;
    }
  }

  #location(file: string): string {
    return joinLocation(this.#settings.path, file);
  }
}

/** One file in memory. */
export function sourceOf(name: string, bytes: Uint8Array): FileSource {
  return {
    name,
    size: () => Promise.resolve(bytes.length),
    read: (_, range) => Promise.resolve(range ? bytes.subarray(range.offset, range.offset + range.length) : bytes),
  };
}
